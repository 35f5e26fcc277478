using System.Data;
using System.Data.Common;
using Dapper;
using Npgsql;
using ZeroTrust.Authz;
using ZeroTrust.Npgsql.Internal;
using ZeroTrust.Npgsql.Tests.Databases;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests;

public sealed class TenantDataSourceTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_sees_and_writes_the_rows_of_its_tenant_alone(bool isSigned)
    {
        using var database = new OrdersDatabase(server, isSigned);
        await using var connection = await database.As("a").OpenConnectionAsync(Stop);

        Assert.Equal(["anvil"], await Rows(connection, "SELECT product FROM orders"));
        Assert.Equal(["anvil"], await Rows(connection, "SELECT product FROM products"));
        Assert.Equal(0, await connection.ExecuteAsync("UPDATE orders SET product = 'stolen' WHERE id = 2"));
        Assert.Equal(1, await connection.ExecuteAsync("UPDATE orders SET product = 'hammer'"));
        Assert.Equal(0, await connection.ExecuteAsync("DELETE FROM lines WHERE id = 2"));
        Assert.Equal(1, await connection.ExecuteAsync("INSERT INTO orders VALUES (@tenant, 3, 'saw')", new { tenant = "a" }));
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("INSERT INTO orders VALUES ('b', 4, 'planted')"));
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("UPDATE orders SET tenant_id = 'b' WHERE id = 3"));
        Assert.Equal(OrdersDatabase.UntouchedRowsOfB, database.RowsOfB);
    }

    [Fact]
    public async Task Without_a_tenant_there_are_no_rows()
    {
        using var database = new OrdersDatabase(server);
        await using var connection = await database.Source.OpenConnectionAsync(Stop);
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM orders"));
        await connection.ExecuteAsync("DISCARD ALL; BEGIN; SET LOCAL zerotrust.tenant = 'a'; COMMIT");
        Assert.Equal("", await connection.ExecuteScalarAsync<string>("SELECT current_setting('zerotrust.tenant', true)"));
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM orders"));
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("INSERT INTO orders VALUES ('', 5, 'nobody')"));
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("INSERT INTO orders VALUES (NULL, 5, 'nobody')"));
    }

    [Fact]
    public async Task The_owner_is_held_to_the_tenant_too()
    {
        using var database = new OrdersDatabase(server);
        var owner = database.Connect(database.Owner);
        await using var plain = await owner.OpenConnectionAsync(Stop);
        Assert.Equal(0, await plain.ExecuteScalarAsync<long>("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task Nothing_of_the_tenant_is_left_on_a_pooled_connection()
    {
        using var database = new OrdersDatabase(server);
        var source = database.Connect(database.App, "Maximum Pool Size=1;No Reset On Close=true");
        var session = new TenantSession(Contexts.Of("a"), key: null, TimeProvider.System);
        int process;
        await using (var connection = await new TenantDataSource(source, () => session).OpenConnectionAsync(Stop))
        {
            Assert.Equal(1, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM orders"));
            process = await connection.ExecuteScalarAsync<int>("SELECT pg_backend_pid()");
        }

        await using var next = await source.OpenConnectionAsync(Stop);
        Assert.Equal(process, await next.ExecuteScalarAsync<int>("SELECT pg_backend_pid()"));
        Assert.Equal(0, await next.ExecuteScalarAsync<long>("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task Two_tenants_at_once_never_meet_even_where_calls_share_sessions()
    {
        using var database = new OrdersDatabase(server);
        var source = database.Connect(database.App, "Maximum Pool Size=2;Multiplexing=true;No Reset On Close=true");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            var tenant = worker % 2 == 0 ? "a" : "b";
            var session = new TenantSession(Contexts.Of(tenant), key: null, TimeProvider.System);
            var tenants = new TenantDataSource(source, () => session);
            for (var i = 0; i < 250; i++)
            {
                await using var connection = await tenants.OpenConnectionAsync(Stop);
                Assert.Equal([tenant], await Rows(connection, "SELECT tenant_id FROM orders"));
                await using var plain = await source.OpenConnectionAsync(Stop);
                Assert.Empty(await Rows(plain, "SELECT tenant_id FROM orders"));
            }
        }));
    }

    [Theory]
    [InlineData("Multiplexing=true", Pooler.None)]
    [InlineData("Multiplexing=true", Pooler.Transaction)]
    [InlineData("No Reset On Close=true", Pooler.None)]
    [InlineData("No Reset On Close=false", Pooler.Session)]
    [InlineData("No Reset On Close=false", Pooler.Transaction)]
    [InlineData("Max Auto Prepare=1", Pooler.None)]
    [InlineData("Max Auto Prepare=1;No Reset On Close=true", Pooler.Session)]
    [InlineData("Max Auto Prepare=1;No Reset On Close=true", Pooler.Transaction)]
    [InlineData("Search Path=public;No Reset On Close=true", Pooler.Session)]
    [InlineData("Timezone=UTC;No Reset On Close=true", Pooler.Transaction)]
    [InlineData("Options=-c work_mem=1MB;No Reset On Close=true", Pooler.Transaction)]
    [InlineData("Client Encoding=UTF8;No Reset On Close=true", Pooler.Transaction)]
    public void Settings_that_share_or_keep_what_is_of_a_session_are_refused(string setting, Pooler pooler)
    {
        using var database = new OrdersDatabase(server);
        var refusal = Assert.Throws<RejectionException>(
            () => database.Connect(database.App, setting).WithTenant(Contexts.Of("a"), pooler: pooler));
        Assert.Equal("npgsql.pooling_unsafe", refusal.Rejection.Code);
    }

    [Theory]
    [InlineData("No Reset On Close=true", Pooler.Session)]
    [InlineData("No Reset On Close=true", Pooler.Transaction)]
    [InlineData("Max Auto Prepare=0", Pooler.None)]
    [InlineData("Search Path=public;Timezone=UTC;Options=-c work_mem=1MB;Client Encoding=UTF8", Pooler.None)]
    public void Their_nearest_neighbours_are_not(string setting, Pooler pooler)
    {
        using var database = new OrdersDatabase(server);
        Assert.NotNull(database.Connect(database.App, setting).WithTenant(Contexts.Of("a"), pooler: pooler));
    }

    [Fact]
    public async Task Injected_sql_changes_an_unsigned_tenant_and_not_a_signed_one()
    {
        const string Injection = "SELECT product FROM orders WHERE product = ''; SELECT set_config('zerotrust.tenant', 'b', true); SELECT product FROM orders";

        using var unsigned = new OrdersDatabase(server);
        await using (var connection = await unsigned.As("a").OpenConnectionAsync(Stop))
        {
            Assert.Equal(["bell"], await LastResult(connection, Injection));
        }

        using var signed = new OrdersDatabase(server, signed: true);
        await using (var connection = await signed.As("a").OpenConnectionAsync(Stop))
        {
            Assert.Empty(await LastResult(connection, Injection));
            var own = (await connection.ExecuteScalarAsync<string>("SELECT current_setting('zerotrust.tenant')"))!;
            foreach (var forged in new[] { own.Replace(
                ":a:", ":b:", StringComparison.Ordinal), "v2:k1:b:99999999999:1:00", "v1" + own[2..], own.Replace("k1", "k2",
                StringComparison.Ordinal), own + ":", own + own, "v2:k1:a:1:1:" + own[^64..], "::::" })
            {
                Assert.Empty(await LastResult(connection, Injection.Replace("'b'", $"'{forged}'", StringComparison.Ordinal)));
            }

            Assert.Equal(["anvil"], await LastResult(connection, Injection.Replace("'b'", $"'{own}'", StringComparison.Ordinal)));
            await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("SELECT * FROM zerotrust.tenant_keys"));
        }
    }

    [Fact]
    public async Task A_signed_tenant_ends_and_keys_change_with_an_overlap()
    {
        using var database = new OrdersDatabase(server, signed: true);
        await using var plain = await database.Source.OpenConnectionAsync(Stop);
        var session = plain.ProcessID;
        var ended = database.Key!.Sign(TenantId.Parse("a"), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 1, session);
        await plain.ExecuteAsync($"SELECT set_config('zerotrust.tenant', '{ended}', false)");
        var late = await Assert.ThrowsAsync<PostgresException>(() => plain.ExecuteScalarAsync<long>("SELECT count(*) FROM orders"));
        Assert.Contains("the tenant of this statement ended at", late.MessageText, StringComparison.Ordinal);
        var fresh = database.Key.Sign(TenantId.Parse("a"), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 60, session);
        await plain.ExecuteAsync($"SELECT set_config('zerotrust.tenant', '{fresh}', false)");
        Assert.Equal(1, await plain.ExecuteScalarAsync<long>("SELECT count(*) FROM orders"));

        var next = new TenantSigningKey("k2", new byte[32]);
        database.AsOwner(RowSecuritySql.CreateSchema([database.Key, next]));
        Assert.Equal(1, await Count(database, database.Key));
        Assert.Equal(1, await Count(database, next));
        database.AsOwner(RowSecuritySql.CreateSchema([next]));
        Assert.Equal(0, await Count(database, database.Key));
        Assert.Equal(1, await Count(database, next));
    }

    [Fact]
    public async Task Every_way_to_run_a_command_carries_the_tenant()
    {
        using var database = new OrdersDatabase(server);
        var source = database.As("a");
        await using var connection = (DbConnection)await source.OpenConnectionAsync(Stop);
        await using var positional = connection.CreateCommand();
        positional.CommandText = "SELECT product FROM orders WHERE id >= $1";
        positional.Parameters.Add(new NpgsqlParameter { Value = 1 });
        Assert.Equal("anvil", await positional.ExecuteScalarAsync(Stop));
        positional.CommandText = "UPDATE orders SET product = product WHERE id >= $1";
        Assert.Equal(1, await positional.ExecuteNonQueryAsync(Stop));

        await using var single = connection.CreateCommand();
        single.CommandText = "SELECT product FROM orders";
        await single.PrepareAsync(Stop);
        await using (var reader = await single.ExecuteReaderAsync(CommandBehavior.SingleRow | CommandBehavior.SingleResult, Stop))
        {
            Assert.True(await reader.ReadAsync(Stop));
            Assert.Equal("anvil", reader.GetString(0));
            Assert.False(await reader.ReadAsync(Stop));
        }

        await using (var many = await connection.QueryMultipleAsync("SELECT product FROM orders; SELECT text FROM lines"))
        {
            Assert.Equal(["anvil"], (await many.ReadAsync<string>()).ToArray());
            Assert.Equal(["line of a"], (await many.ReadAsync<string>()).ToArray());
        }

        await using var batch = connection.CreateBatch();
        foreach (var sql in new[] { "SELECT product FROM orders", "UPDATE lines SET text = text" })
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = sql;
            batch.BatchCommands.Add(command);
        }

        Assert.Equal("anvil", await batch.ExecuteScalarAsync(Stop));
        Assert.Equal(1, await batch.ExecuteNonQueryAsync(Stop));
        Assert.Equal(2, batch.BatchCommands.Count);
        await using var direct = source.CreateCommand("SELECT count(*) FROM orders");
        Assert.Equal(1L, await direct.ExecuteScalarAsync(Stop));
        Assert.Throws<NotSupportedException>(() => single.CommandType = CommandType.StoredProcedure);
        await Assert.ThrowsAsync<NotSupportedException>(() => single.ExecuteReaderAsync(CommandBehavior.SchemaOnly, Stop));
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("SELECT 1/0"));
        Assert.Equal(1, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM orders"));
    }

    [Fact]
    public void Blocking_commands_carry_the_tenant_too()
    {
        using var database = new OrdersDatabase(server);
        using var connection = database.As("a").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT product FROM orders WHERE id >= @id";
        command.Parameters.Add(new NpgsqlParameter("id", 1));
        Assert.Equal("anvil", command.ExecuteScalar());
        command.CommandText = "UPDATE orders SET product = product WHERE id >= @id";
        Assert.Equal(1, command.ExecuteNonQuery());

        using var positional = connection.CreateCommand();
        positional.CommandText = "SELECT product FROM orders WHERE id >= $1";
        positional.Parameters.Add(new NpgsqlParameter { Value = 1 });
        Assert.Equal("anvil", positional.ExecuteScalar());
        positional.CommandText = "UPDATE orders SET product = product WHERE id >= $1";
        Assert.Equal(1, positional.ExecuteNonQuery());

        using var batch = connection.CreateBatch();
        var statement = batch.CreateBatchCommand();
        statement.CommandText = "UPDATE lines SET text = text";
        batch.BatchCommands.Add(statement);
        Assert.Equal(1, batch.ExecuteNonQuery());
        statement.CommandText = "SELECT text FROM lines";
        Assert.Equal("line of a", batch.ExecuteScalar());
    }

    [Fact]
    public async Task Transactions_and_savepoints_keep_the_tenant()
    {
        using var database = new OrdersDatabase(server);
        await using var connection = await database.As("a").OpenConnectionAsync(Stop);
        await using (var transaction = await connection.BeginTransactionAsync(Stop))
        {
            Assert.Same(connection, transaction.Connection);
            await connection.ExecuteAsync("INSERT INTO orders VALUES ('a', 7, 'kept')", transaction: transaction);
            await transaction.SaveAsync("before", Stop);
            await connection.ExecuteAsync("INSERT INTO orders VALUES ('a', 8, 'dropped')", transaction: transaction);
            await transaction.RollbackAsync("before", Stop);
            Assert.Equal(2, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM orders", transaction: transaction));
            await transaction.CommitAsync(Stop);
        }

        Assert.Equal(["anvil", "kept"], await Rows(connection, "SELECT product FROM orders ORDER BY id"));
    }

    [Fact]
    public async Task A_command_and_its_tenant_are_one_round_trip()
    {
        using var database = new OrdersDatabase(server);
        await using var proxy = new CountingProxy(server.Port);
        await using var source = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={proxy.Port};Database={database.Name};Username={database.App};SSL Mode=Disable");
        await using var connection = await source.WithTenant(Contexts.Of("a")).OpenConnectionAsync(Stop);
        await connection.ExecuteAsync("SELECT 1");
        var before = proxy.Syncs;
        Assert.Equal(["anvil"], await Rows(connection, "SELECT product FROM orders WHERE id = @id", new { id = 1 }));
        Assert.Equal(before + 1, proxy.Syncs);
    }

    [Fact]
    public async Task A_context_serves_until_the_clock_skew_after_its_end()
    {
        using var database = new OrdersDatabase(server);
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var session = new TenantSession(Contexts.Of("a", time.GetUtcNow() + TimeSpan.FromSeconds(60)), key: null, time);
        await using var connection = await new TenantDataSource(database.Source, () => session).OpenConnectionAsync(Stop);
        time.Advance(TimeSpan.FromSeconds(64));
        Assert.Equal(1, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM orders"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("authz.expired", (await Assert.ThrowsAsync<RejectionException>(() => connection.ExecuteAsync("SELECT 1"))).Rejection.Code);
    }

    [Fact]
    public async Task A_grant_reads_across_tenants_and_writes_nothing()
    {
        using var database = new OrdersDatabase(server, signed: true);
        var now = TimeProvider.System.GetUtcNow();
        var grant = new CrossTenantGrant(Contexts.Of("a"), "The monthly report.", now, now + TimeSpan.FromSeconds(60));
        var reports = database.Connect(database.Reports);
        await using var connection = await reports.WithGrant(grant).OpenConnectionAsync(Stop);
        Assert.Equal(["anvil", "bell"], await Rows(connection, "SELECT product FROM orders ORDER BY id"));
        Assert.Equal("25006", (await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("CREATE TEMP TABLE x (y int)"))).SqlState);

        var ended = new CrossTenantGrant(Contexts.Of("a"), "The monthly report.", now - TimeSpan.FromSeconds(60), now);
        await using var late = await reports.WithGrant(ended).OpenConnectionAsync(Stop);
        Assert.Equal("authz.cross_tenant_grant_expired", (await Assert.ThrowsAsync<RejectionException>(() => late.ExecuteAsync("SELECT 1"))).Rejection.Code);
    }

    private static async Task<string[]> Rows(DbConnection connection, string sql, object? parameters = null) =>
        [.. await connection.QueryAsync<string>(sql, parameters)];

    private static async Task<string[]> LastResult(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(Stop);
        var rows = new List<string>();
        do
        {
            rows.Clear();
            while (await reader.ReadAsync(Stop))
            {
                rows.Add(reader.GetString(0));
            }
        }
        while (await reader.NextResultAsync(Stop));
        return [.. rows];
    }

    private static async Task<long> Count(OrdersDatabase database, TenantSigningKey key)
    {
        await using var connection = await database.Source.WithTenant(Contexts.Of("a"), key).OpenConnectionAsync(Stop);
        return await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM orders");
    }
}
