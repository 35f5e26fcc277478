using System.Data.Common;
using Dapper;
using Npgsql;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests.Sessions;

/// <summary>After each hostile statement of one tenant, the session is for the next tenant what it was before.</summary>
public sealed class SessionResidueTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private const string State =
        """
        SELECT concat_ws('|', current_user, session_user, current_setting('search_path'),
          nullif(current_setting('planted.setting', true), ''),
          (SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema()),
          (SELECT count(*) FROM pg_proc WHERE pronamespace = pg_my_temp_schema()),
          (SELECT count(*) FROM pg_type WHERE typnamespace = pg_my_temp_schema()),
          (SELECT count(*) FROM pg_prepared_statements),
          (SELECT count(*) FROM pg_cursors WHERE is_holdable),
          (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'),
          (SELECT string_agg(name || '=' || setting, ',' ORDER BY name) FROM pg_settings
            WHERE context = 'user' AND name NOT LIKE 'transaction\_%' AND source NOT IN ('default', 'configuration file')
              AND name <> 'application_name'))
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SessionPath.Direct)]
    [InlineData(SessionPath.PooledSession)]
    [InlineData(SessionPath.PooledTransaction)]
    public async Task Nothing_of_a_statement_is_left_for_the_next_tenant(string path)
    {
        await using var sessions = await SessionPath.OpenAsync(server, path, Stop);
        var clean = await StateAsync(sessions);
        var left = new List<string>();
        foreach (var statement in HostileSql.Statements(sessions.Other))
        {
            await using (var connection = await sessions.As("b").OpenConnectionAsync(Stop))
            {
                await TryAsync(connection, statement);
            }

            var state = await StateAsync(sessions);
            if (state != clean)
            {
                left.Add($"{statement}: {state}");
            }
        }

        Assert.True(left.Count == 0, string.Join(Environment.NewLine, left));
    }

    [Fact]
    public async Task A_temporary_table_does_not_stand_in_for_a_table_behind_a_pooler()
    {
        await using var sessions = await SessionPath.OpenAsync(server, SessionPath.PooledTransaction, Stop);
        await using (var attacker = await sessions.As("b").OpenConnectionAsync(Stop))
        {
            await attacker.ExecuteAsync(
                "CREATE TEMP TABLE orders (tenant_id text, id int, product text); INSERT INTO pg_temp.orders VALUES ('a', 666, 'PLANTED')");
        }

        await using (var connection = await sessions.As("a").OpenConnectionAsync(Stop))
        {
            Assert.Equal(["anvil"], (await connection.QueryAsync<string>("SELECT product FROM orders")).ToArray());
            await using var transaction = await connection.BeginTransactionAsync(Stop);
            await connection.ExecuteAsync("INSERT INTO orders VALUES ('a', 3, 'saw')", transaction: transaction);
            await transaction.CommitAsync(Stop);
        }

        Assert.Equal(
            ["anvil", "saw"], sessions.Database.AsSuperuser("SELECT product FROM public.orders WHERE tenant_id = 'a' ORDER BY id"));
    }

    [Theory]
    [InlineData(SessionPath.Direct)]
    [InlineData(SessionPath.PooledTransaction)]
    public async Task A_temporary_table_of_the_same_tenant_does_not_stand_in_either(string path)
    {
        await using var sessions = await SessionPath.OpenAsync(server, path, Stop);
        await using var connection = await sessions.As("a").OpenConnectionAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await connection.ExecuteAsync(
            "CREATE TEMP TABLE orders AS SELECT 'a'::text AS tenant_id, 666 AS id, 'PLANTED'::text AS product", transaction: transaction);
        Assert.Equal(["anvil"], (await connection.QueryAsync<string>("SELECT product FROM orders", transaction: transaction)).ToArray());
        Assert.Equal(
            ["PLANTED"], (await connection.QueryAsync<string>("SELECT product FROM pg_temp.orders", transaction: transaction)).ToArray());
    }

    [Theory]
    [InlineData(SessionPath.Direct)]
    [InlineData(SessionPath.PooledTransaction)]
    public async Task A_path_of_the_same_tenant_lasts_for_one_command(string path)
    {
        string[] statements =
        [
            "SET search_path = pg_temp, public",
            "SELECT set_config('search_path', 'PG_TEMP, public', false)",
            "SELECT set_config('search_path', E'\tpg_temp\n,public', false)",
            "SELECT set_config('search_path', (SELECT nspname FROM pg_namespace WHERE oid = pg_my_temp_schema()) || ', public', false)",
            "SELECT set_config('search_path', 'plant, public', false)",
            "SET LOCAL search_path = ''",
            "DO $$ BEGIN PERFORM set_config('search_path', 'pg_temp', false); END $$",
        ];
        await using var sessions = await SessionPath.OpenAsync(server, path, Stop);
        foreach (var statement in statements)
        {
            await using var connection = await sessions.As("a").OpenConnectionAsync(Stop);
            await using var transaction = await connection.BeginTransactionAsync(Stop);
            await connection.ExecuteAsync(
                "CREATE TEMP TABLE orders AS SELECT 'a'::text AS tenant_id, 666 AS id, 'PLANTED'::text AS product; "
                    + $"{statement}", transaction: transaction);
            var products = await connection.QueryAsync<string>("SELECT product FROM orders", transaction: transaction);
            Assert.Equal((statement, "anvil"), (statement, Assert.Single(products)));
        }
    }

    [Fact]
    public async Task A_role_whose_path_begins_with_the_temporary_schema_reads_the_table()
    {
        await using var sessions = await SessionPath.OpenAsync(server, SessionPath.Direct, Stop);
        sessions.Database.AsSuperuser($"ALTER ROLE {sessions.Database.App} SET search_path = pg_temp, public; SELECT '' WHERE false");
        for (var lease = 0; lease < 2; lease++)
        {
            await using var connection = await sessions.As("a").OpenConnectionAsync(Stop);
            Assert.Equal(["anvil"], (await connection.QueryAsync<string>("SELECT product FROM orders")).ToArray());
            await connection.ExecuteAsync(
                "CREATE TEMP TABLE orders AS SELECT 'a'::text AS tenant_id, 666 AS id, 'PLANTED'::text AS product");
            Assert.Equal(["anvil"], (await connection.QueryAsync<string>("SELECT product FROM orders")).ToArray());
        }
    }

    [Fact]
    public async Task The_path_of_a_role_stays_but_for_the_temporary_schema()
    {
        await using var sessions = await SessionPath.OpenAsync(server, SessionPath.Direct, Stop);
        var database = sessions.Database;
        database.AsSuperuser($"""
            CREATE SCHEMA "Lager 'Ö\, 1"; CREATE TABLE "Lager 'Ö\, 1".depots AS SELECT 'north'::text AS name;
            GRANT USAGE ON SCHEMA "Lager 'Ö\, 1" TO {database.App}; GRANT SELECT ON "Lager 'Ö\, 1".depots TO {database.App};
            ALTER ROLE {database.App} SET search_path = "PG_temp", pg_temp, "$user", "Lager 'Ö\, 1", public; SELECT '' WHERE false
            """);
        await using var connection = await sessions.As("a").OpenConnectionAsync(Stop);
        const string Expected = """
            "PG_temp", "$user", "Lager 'Ö\, 1", "public", pg_temp
            """;
        await connection.ExecuteAsync("SELECT 1");
        Assert.Equal(Expected, await connection.ExecuteScalarAsync<string>("SELECT current_setting('search_path')"));
        await connection.ExecuteAsync(
            "SET standard_conforming_strings = off; SET client_encoding = 'LATIN1'; CREATE TEMP TABLE depots (name text)");
        Assert.Equal("north", await connection.ExecuteScalarAsync<string>("SELECT name FROM depots"));
        Assert.Equal("anvil", await connection.ExecuteScalarAsync<string>("SELECT product FROM orders"));
    }

    [Fact]
    public async Task A_transaction_keeps_what_it_made_behind_a_pooler()
    {
        await using var sessions = await SessionPath.OpenAsync(server, SessionPath.PooledTransaction, Stop);
        await using var connection = await sessions.As("a").OpenConnectionAsync(Stop);
        await using (var transaction = await connection.BeginTransactionAsync(Stop))
        {
            const string Made =
                "CREATE TEMP TABLE staging (product text); SET LOCAL work_mem = '1MB'; DECLARE mine CURSOR FOR SELECT product FROM orders";
            await connection.ExecuteAsync(Made, transaction: transaction);
            await connection.ExecuteAsync("INSERT INTO staging SELECT product FROM orders", transaction: transaction);
            Assert.Equal("1MB", await connection.ExecuteScalarAsync<string>("SHOW work_mem", transaction: transaction));
            Assert.Equal(
                ["anvil"], (await connection.QueryAsync<string>("SELECT product FROM staging", transaction: transaction)).ToArray());
            Assert.Equal(["anvil"], (await connection.QueryAsync<string>("FETCH ALL FROM mine", transaction: transaction)).ToArray());
            await transaction.CommitAsync(Stop);
        }

        Assert.Null(await connection.ExecuteScalarAsync<string>("SELECT to_regclass('pg_temp.staging')::text"));
    }

    [Fact]
    public async Task A_rollback_to_a_savepoint_brings_nothing_back()
    {
        await using var sessions = await SessionPath.OpenAsync(server, SessionPath.PooledTransaction, Stop);
        await using (var attacker = await sessions.As("b").OpenConnectionAsync(Stop))
        {
            await attacker.ExecuteAsync("CREATE TEMP TABLE orders AS SELECT 'a'::text AS tenant_id, 666 AS id, 'PLANTED'::text AS "
                + $"product; SET ROLE {sessions.Other}");
        }

        await using var connection = await sessions.As("a").OpenConnectionAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await transaction.SaveAsync("before", Stop);
        await connection.ExecuteAsync("SELECT 1", transaction: transaction);
        await transaction.RollbackAsync("before", Stop);
        Assert.Equal(["anvil"], (await connection.QueryAsync<string>("SELECT product FROM orders", transaction: transaction)).ToArray());
        Assert.Equal(
            sessions.Database.App, await connection.ExecuteScalarAsync<string>("SELECT current_user::text", transaction: transaction));
    }

    [Fact]
    public async Task The_audit_reads_the_catalogs_of_the_database_and_not_what_was_left_in_the_session()
    {
        await using var sessions = await SessionPath.OpenAsync(server, SessionPath.PooledTransaction, Stop);
        sessions.Database.Options.Pooler = Pooler.Transaction;
        var honest = (await RowSecurityAudit.RunAsync(sessions.Source, sessions.Database.Options, Stop)).Findings.Select(
            finding => finding.ToString()).ToArray();
        await using (var attacker = await sessions.As("b").OpenConnectionAsync(Stop))
        {
            await attacker.ExecuteAsync("CREATE TEMP VIEW pg_class AS SELECT * FROM pg_catalog.pg_class WHERE false; SET search_path = "
                + "pg_temp, pg_catalog; SET zerotrust.tenant = 'planted'");
        }

        var report = await RowSecurityAudit.RunAsync(sessions.Source, sessions.Database.Options, Stop);
        Assert.Equal(["public.lines", "public.orders"], report.Tables.ToArray());
        Assert.Equal(honest, report.Findings.Select(finding => finding.ToString()).ToArray());
    }

    internal static async Task TryAsync(DbConnection connection, string statement, DbTransaction? transaction = null)
    {
        try
        {
            await connection.ExecuteAsync(statement, transaction: transaction);
        }
        catch (Exception exception) when (exception is NpgsqlException or NotSupportedException or InvalidOperationException)
        {
            // Refused by the database, or by the driver.
        }
    }

    private static async Task<string?> StateAsync(SessionPath sessions)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await using var connection = await sessions.As("a").OpenConnectionAsync(Stop);
                var state = await connection.ExecuteScalarAsync<string>(State);

                // The end of listening is when its transaction ends, which is the one before.
                return $"{state}|{await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM pg_listening_channels()")}";
            }
            catch (NpgsqlException) when (tries < 2)
            {
                // A session that was ended by the statement; the next is another.
            }
        }
    }
}
