using System.Transactions;
using Dapper;
using Npgsql;
using ZeroTrust.Npgsql.Tests.Databases;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests.Sessions;

/// <summary>The driver gives all connections of an ambient transaction one session, and hands it on without a reset.</summary>
public sealed class AmbientTransactionTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SessionPath.Direct)]
    [InlineData(SessionPath.PooledSession)]
    [InlineData(SessionPath.PooledTransaction)]
    public async Task No_connection_of_a_tenant_joins_one(string path)
    {
        await using var sessions = await SessionPath.OpenAsync(server, path, Stop);
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            var refusal = await Assert.ThrowsAsync<RejectionException>(async () => await sessions.As("b").OpenConnectionAsync(Stop));
            Assert.Equal("npgsql.ambient_transaction", refusal.Rejection.Code);
            Assert.Equal(refusal.Rejection.Code, Assert.Throws<RejectionException>(() => sessions.As("b").OpenConnection()).Rejection.Code);
        }

        await using var connection = await sessions.As("a").OpenConnectionAsync(Stop);
        Assert.Equal(["anvil"], (await connection.QueryAsync<string>("SELECT product FROM orders")).ToArray());
    }

    [Fact]
    public async Task None_is_enlisted_later()
    {
        await using var sessions = await SessionPath.OpenAsync(server, SessionPath.Direct, Stop);
        await using var connection = await sessions.As("a").OpenConnectionAsync(Stop);
        using var transaction = new CommittableTransaction();

        Assert.Equal("npgsql.ambient_transaction", Assert.Throws<RejectionException>(() => connection.EnlistTransaction(transaction)).Rejection.Code);
        connection.EnlistTransaction(null);
        Assert.Equal(1, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task One_that_does_not_enlist_is_reset_like_any_other()
    {
        using var database = new OrdersDatabase(server, signed: true);
        database.AsSuperuser($"GRANT TEMPORARY ON DATABASE {database.Name} TO {database.App}; SELECT '' WHERE false");
        await using var source = database.Connect(database.App, "Maximum Pool Size=1;Enlist=false");
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await using var attacker = await source.WithTenant(Contexts.Of("b"), database.Key).OpenConnectionAsync(Stop);
            await attacker.ExecuteAsync("CREATE TEMP TABLE orders AS SELECT 'a'::text AS tenant_id, 666 AS id, 'PLANTED'::text AS product; PREPARE planted AS SELECT 1");
        }

        await using var connection = await source.WithTenant(Contexts.Of("a"), database.Key).OpenConnectionAsync(Stop);
        Assert.Equal(["anvil"], (await connection.QueryAsync<string>("SELECT product FROM orders")).ToArray());
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM pg_prepared_statements WHERE name = 'planted'"));
    }

    [Fact]
    public async Task An_open_connection_serves_one_tenant()
    {
        using var database = new OrdersDatabase(server, signed: true);
        var preamble = new TenantPreamble(database.Key, Pooler.None, TimeProvider.System);
        await using var connection = await database.Source.OpenConnectionAsync(Stop);
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
