using System.Data.Common;
using Dapper;
using ZeroTrust.Npgsql.Tests.Databases;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests.Sessions;

/// <summary>What SQL of one tenant learns of the signed tenant of another, and what it could do with it.</summary>
public sealed class TenantTheftTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    // What an injected UNION reads from the sessions of the same role, several times in one statement.
    private const string Sample =
        """
        SELECT product FROM orders WHERE product = '' UNION ALL
        SELECT a.query FROM generate_series(1, 50) n(i), LATERAL (SELECT pg_stat_clear_snapshot(), i) c(cleared, j),
          LATERAL (SELECT query FROM pg_stat_activity WHERE j > 0 AND pid <> pg_backend_pid()) a
        WHERE a.query LIKE '%set_config%'
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_union_injection_reads_no_tenant_from_the_running_statements()
    {
        using var database = new OrdersDatabase(server, signed: true);
        database.AsSuperuser($"ALTER ROLE {database.App} SET track_activities = on; SELECT '' WHERE false");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        using var done = new CancellationTokenSource();
        var victim = BusyAsync(database.As("a"), done.Token);
        await using var connection = await database.As("b").OpenConnectionAsync(deadline.Token);

        // Until the statement with the tenant was seen often enough: by then a value in it would have been.
        for (var seen = 0; seen < 50;)
        {
            deadline.Token.ThrowIfCancellationRequested();
            var statements = (await connection.QueryAsync<string>(Sample)).ToArray();
            Assert.All(statements, statement => Assert.DoesNotContain(":k1:a:", statement, StringComparison.Ordinal));
            seen += statements.Count(statement => statement.Contains("zerotrust.tenant", StringComparison.Ordinal));
        }

        await done.CancelAsync();
        await victim;
    }

    [Fact]
    public async Task A_value_of_one_session_is_no_tenant_in_another()
    {
        using var database = new OrdersDatabase(server, signed: true);
        await using var victim = await database.As("a").OpenConnectionAsync(Stop);
        var stolen = await victim.ExecuteScalarAsync<string>("SELECT current_setting('zerotrust.tenant')");
        await using var thief = await database.As("b").OpenConnectionAsync(Stop);
        Assert.Empty(await ReplayAsync(thief, stolen));

        // Its own session believes it, and only while the session is that one.
        Assert.Equal(["anvil"], await ReplayAsync(victim, stolen));
        await victim.CloseAsync();
        database.Source.Clear();
        await victim.OpenAsync(Stop);
        Assert.Empty(await ReplayAsync(victim, stolen));
        Assert.Equal(["anvil"], (await victim.QueryAsync<string>("SELECT product FROM orders")).ToArray());
    }

    [Theory]
    [InlineData(Pooler.None, false)]
    [InlineData(Pooler.Session, true)]
    [InlineData(Pooler.Transaction, true)]
    public async Task A_value_for_every_session_is_a_tenant_where_the_database_was_told_of_a_pooler(Pooler pooler, bool isBelieved)
    {
        using var database = new OrdersDatabase(server, signed: true, pooler);
        var source = database.Connect(database.App, "No Reset On Close=true");
        await using var connection = await source.WithTenant(Contexts.Of("a"), database.Key, Pooler.Session).OpenConnectionAsync(Stop);
        Assert.Equal(isBelieved ? ["anvil"] : [], (await connection.QueryAsync<string>("SELECT product FROM orders")).ToArray());

        // Bound to its session it is one in both.
        await using var bound = await database.As("a").OpenConnectionAsync(Stop);
        Assert.Equal(["anvil"], (await bound.QueryAsync<string>("SELECT product FROM orders")).ToArray());
    }

    [Theory]
    [InlineData(Pooler.None, Pooler.Session)]
    [InlineData(Pooler.Session, Pooler.None)]
    public async Task The_audit_finds_a_database_that_was_told_of_another_pooler(Pooler database, Pooler declared)
    {
        using var orders = new OrdersDatabase(server, signed: true, database);
        orders.Options.Pooler = declared;
        var findings = (await RowSecurityAudit.RunAsync(orders.Source, orders.Options, Stop)).Findings;
        Assert.Contains("npgsql.tenant_function_wrong", findings.Select(finding => finding.Code), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_parallel_query_is_held_to_the_session_of_its_leader()
    {
        using var database = new OrdersDatabase(server, signed: true);
        await using var connection = await database.As("a").OpenConnectionAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        string[] parallel =
        [
            "force_parallel_mode = on", "parallel_setup_cost = 0", "parallel_tuple_cost = 0", "min_parallel_table_scan_size = 0",
        ];
        foreach (var setting in parallel)
        {
            await connection.ExecuteAsync($"SET LOCAL {setting}", transaction: transaction);
        }

        Assert.Equal(["anvil"], (await connection.QueryAsync<string>("SELECT product FROM orders", transaction: transaction)).ToArray());
        Assert.Equal("a", await connection.ExecuteScalarAsync<string>("SELECT zerotrust.tenant()", transaction: transaction));
    }

    private static async Task<string[]> ReplayAsync(DbConnection connection, string? value)
    {
        await using var many = await connection.QueryMultipleAsync(
            $"SELECT set_config('zerotrust.tenant', '{value}', true); SELECT product FROM orders");
        await many.ReadAsync();
        return [.. await many.ReadAsync<string>()];
    }

    private static async Task BusyAsync(TenantDataSource source, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            await using var connection = await source.OpenConnectionAsync(Stop);
            Assert.Equal(
                ["anvil"], (await connection.QueryAsync<string>("SELECT product FROM orders WHERE id = @id", new { id = 1 })).ToArray());
        }
    }
}
