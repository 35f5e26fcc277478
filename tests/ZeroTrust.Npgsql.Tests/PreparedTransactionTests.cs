using Npgsql;
using ZeroTrust.Npgsql.Tests.Databases;

namespace ZeroTrust.Npgsql.Tests;

/// <summary>A prepared transaction belongs to its role: what one tenant left, another ends.</summary>
public sealed class PreparedTransactionTests(PreparingServer server) : IClassFixture<PreparingServer>
{
    private const string Subject = "max_prepared_transactions";
    private const string Product = "SELECT product FROM orders WHERE tenant_id = 'a'";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("COMMIT PREPARED", "not yet")]
    [InlineData("ROLLBACK PREPARED", "anvil")]
    public async Task Another_tenant_ends_what_was_prepared_and_the_setting_is_found(string end, string product)
    {
        using var database = new OrdersDatabase(server, signed: true);
        var id = $"order_{database.Name}";
        await PrepareAsync(database, "a", "UPDATE orders SET product = 'not yet'", id);
        await using (var b = await database.As("b").OpenConnectionAsync(Stop))
        {
            Assert.Equal(id, await ScalarAsync(b, $"SELECT gid FROM pg_prepared_xacts WHERE database = '{database.Name}'"));
        }

        await using (var plain = await database.Source.OpenConnectionAsync(Stop))
        {
            await ScalarAsync(plain, $"{end} '{id}'");
        }

        Assert.Equal([product], database.AsSuperuser(Product));
        Assert.Equal(["npgsql.privilege_excessive"], await CodesAsync(database));
    }

    [Fact]
    public async Task Locks_outlive_the_session_of_the_tenant_that_took_them()
    {
        using var database = new OrdersDatabase(server, signed: true);
        var id = $"lock_{database.Name}";
        await PrepareAsync(database, "b", "LOCK TABLE orders IN SHARE ROW EXCLUSIVE MODE", id);
        database.Source.Clear();
        await using (var a = await database.As("a").OpenConnectionAsync(Stop))
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(
                () => ScalarAsync(a, "SET lock_timeout = 1; UPDATE orders SET product = product"));
            Assert.Equal(PostgresErrorCodes.LockNotAvailable, refused.SqlState);
        }

        database.AsSuperuser($"ROLLBACK PREPARED '{id}'");
        Assert.Equal(["npgsql.privilege_excessive"], await CodesAsync(database));
    }

    [Fact]
    public async Task The_setting_is_accepted_by_its_name()
    {
        using var database = new OrdersDatabase(server);
        database.Options.DangerousAccept(NpgsqlRejectionReason.PrivilegeExcessive, Subject, "The broker beside us needs it.");
        var report = await RowSecurityAudit.RunAsync(database.Source, database.Options, Stop);
        Assert.Empty(report.Findings);
        Assert.StartsWith($"{Subject}:", Assert.Single(report.Accepted).Detail, StringComparison.Ordinal);
    }

    private static async Task PrepareAsync(OrdersDatabase database, string tenant, string statement, string id)
    {
        await using var connection = await database.As(tenant).OpenConnectionAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await ScalarAsync(connection, statement);
        await ScalarAsync(connection, $"PREPARE TRANSACTION '{id}'");
    }

    private static async Task<object?> ScalarAsync(System.Data.Common.DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(Stop);
    }

    private static async Task<string[]> CodesAsync(OrdersDatabase database) =>
        [.. (await RowSecurityAudit.RunAsync(database.Source, database.Options, Stop)).Findings.Select(finding => finding.Code)];
}
