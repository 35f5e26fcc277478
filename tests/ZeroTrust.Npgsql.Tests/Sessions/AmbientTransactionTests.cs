using System.Transactions;
using Dapper;
using Npgsql;
using ZeroTrust.Npgsql.Tests.Databases;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests.Sessions;

/// <summary>The driver gives all connections of an ambient transaction one session, and hands it on without a reset.</summary>
public sealed class AmbientTransactionTests(PostgresServer server) : SharedSessionTests(server)
{
    private const string Products = "SELECT product FROM orders";

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task No_connection_of_a_tenant_joins_one(string path)
    {
        await using var sessions = await OpenAsync(path);
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            var refusal = await Assert.ThrowsAsync<RejectionException>(() => AskAsync(sessions, "b", Products));
            Assert.Equal("npgsql.ambient_transaction", refusal.Rejection.Code);
            Assert.Equal(refusal.Rejection.Code, Assert.Throws<RejectionException>(() => sessions.As("b").OpenConnection()).Rejection.Code);
        }

        Assert.Equal(["anvil"], await AskAsync(sessions, "a", Products));
    }

    [Fact]
    public async Task None_is_enlisted_later()
    {
        await using var sessions = await OpenAsync(SessionPath.Direct);
        await using var connection = await sessions.As("a").OpenConnectionAsync(Stop);
        using var transaction = new CommittableTransaction();

        Assert.Equal(
            "npgsql.ambient_transaction",
            Assert.Throws<RejectionException>(() => connection.EnlistTransaction(transaction)).Rejection.Code);
        connection.EnlistTransaction(null);
        Assert.Equal(["anvil"], (await connection.QueryAsync<string>(Products)).ToArray());
    }

    [Fact]
    public async Task One_that_does_not_enlist_is_reset_like_any_other()
    {
        await using var sessions = await OpenAsync(SessionPath.Direct, "Enlist=false");
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await AttackAsync(
                sessions, "CREATE TEMP TABLE orders AS SELECT 'a'::text AS tenant_id, 666 AS id, 'PLANTED'::text AS product; PREPARE "
                    + "planted AS SELECT 1");
        }

        Assert.Equal(["anvil"], await AskAsync(sessions, "a", Products));
        Assert.Empty(await AskAsync(sessions, "a", "SELECT name FROM pg_prepared_statements WHERE name = 'planted'"));
    }

    [Fact]
    public async Task An_open_connection_serves_one_tenant()
    {
        await using var sessions = await OpenAsync(SessionPath.Direct);
        var preamble = new TenantPreamble(sessions.Database.Key, Pooler.None, TimeProvider.System);
        await using var connection = await sessions.Source.OpenConnectionAsync(Stop);
        await RunAsync("b");
        await RunAsync("b");
        Assert.Equal("npgsql.connection_shared", (await Assert.ThrowsAsync<RejectionException>(() => RunAsync("a"))).Rejection.Code);

        await connection.CloseAsync();
        await connection.OpenAsync(Stop);
        await RunAsync("a");

        async Task RunAsync(string tenant)
        {
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            await preamble.PrependAsync(command, Contexts.Of(tenant), Stop);
            await command.ExecuteNonQueryAsync(Stop);
        }
    }
}
