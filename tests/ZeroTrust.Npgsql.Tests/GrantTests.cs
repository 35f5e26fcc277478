using Dapper;
using Npgsql;
using ZeroTrust.Authz;
using ZeroTrust.Npgsql.Tests.Databases;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests;

/// <summary>
/// A grant across tenants reads. What it cannot do is a matter of its role's rights, which are audited before the first command.
/// </summary>
public sealed class GrantTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private const string Writer = "GRANT UPDATE ON orders TO $reports; CREATE POLICY writes ON orders FOR UPDATE TO $reports USING (true)";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("npgsql.grant_writes", Writer, "UPDATE orders SET product = upper(product)")]
    [InlineData("npgsql.grant_writes", "GRANT UPDATE (product) ON orders TO $reports; CREATE POLICY writes ON orders FOR UPDATE TO "
        + "$reports USING (true)", "UPDATE orders SET product = upper(product)")]
    [InlineData("npgsql.grant_writes", "GRANT INSERT ON orders TO $reports; CREATE POLICY writes ON orders FOR INSERT TO $reports WITH "
        + "CHECK (true)", "INSERT INTO orders VALUES ('b', 9, 'planted')")]
    [InlineData("npgsql.grant_writes", "GRANT DELETE ON orders TO PUBLIC; CREATE POLICY writes ON orders FOR DELETE TO $reports USING "
        + "(true)", "DELETE FROM orders WHERE id = 9")]
    [InlineData("npgsql.grant_writes", "GRANT TRUNCATE ON orders, lines TO $reports", "TRUNCATE orders, lines")]
    [InlineData("npgsql.grant_writes", "CREATE SCHEMA far; CREATE TABLE far.x (y int); GRANT USAGE ON SCHEMA far TO $reports; GRANT "
        + "INSERT ON far.x TO $reports", "INSERT INTO far.x VALUES (1)")]
    [InlineData("npgsql.grant_writes", "CREATE SEQUENCE numbers; GRANT USAGE ON SEQUENCE numbers TO $reports", "SELECT nextval('numbers')")]
    [InlineData("npgsql.grant_writes", "GRANT SELECT ON zerotrust.tenant_keys TO $reports", "SELECT * FROM zerotrust.tenant_keys")]
    [InlineData("npgsql.grant_writes", "GRANT $app TO $reports", "SET ROLE $app")]
    [InlineData("npgsql.grant_writes", "CREATE VIEW information_schema.w AS SELECT * FROM public.orders; GRANT UPDATE ON "
        + "information_schema.w TO $reports", "UPDATE information_schema.w SET product = 'written'")]
    [InlineData("npgsql.grant_writes", "GRANT UPDATE (sizing_id) ON information_schema.sql_sizing TO PUBLIC",
        "UPDATE information_schema.sql_sizing SET sizing_id = sizing_id")]
    [InlineData("npgsql.privilege_excessive", "GRANT SELECT ON pg_authid TO $reports", "SELECT rolpassword FROM pg_authid")]
    [InlineData("npgsql.role_privileged", "GRANT pg_write_all_data TO $reports; CREATE POLICY writes ON orders FOR UPDATE TO $reports "
        + "USING (true)", "UPDATE orders SET product = upper(product)")]
    [InlineData("npgsql.role_privileged", "ALTER ROLE $reports SUPERUSER", "UPDATE orders SET product = upper(product)")]
    [InlineData("npgsql.role_privileged", "ALTER ROLE $reports CREATEROLE", "CREATE ROLE made_by_$reports")]
    [InlineData("npgsql.role_owns_table", "GRANT $owner TO $reports", "ALTER TABLE orders DISABLE ROW LEVEL SECURITY")]
    [InlineData("npgsql.creation_allowed", "GRANT CREATE ON SCHEMA public TO $reports", "CREATE TABLE made (x int)")]
    [InlineData("npgsql.creation_allowed", "GRANT TEMPORARY ON DATABASE $db TO $reports", "CREATE TEMPORARY TABLE made (x int)")]
    [InlineData("npgsql.function_privileged", "CREATE FUNCTION writes() RETURNS void LANGUAGE sql SECURITY DEFINER AS $f$ UPDATE orders "
        + "SET product = upper(product) $f$", "SELECT writes()")]
    public async Task A_role_that_may_write_is_refused_before_its_first_command(string code, string sql, string write)
    {
        using var database = new OrdersDatabase(server, signed: true);
        Run(database, sql);
        var reports = database.Connect(database.Reports);

        Assert.Contains(code, (await RowSecurityAudit.RunForGrantAsync(reports, database.Options, Stop)).Findings.Select(finding
            => finding.Code), StringComparer.Ordinal);
        await using (var plain = await database.Connect(database.Reports, "Pooling=false").OpenConnectionAsync(Stop))
        {
            await plain.ExecuteAsync(Fill(database, write));
        }

        var granted = reports.WithGrant(Grant(), database.Options);
        Assert.Equal("npgsql.grant_writes", await CodeAsync(async () => await granted.OpenConnectionAsync(Stop)));
        await using var late = granted.CreateConnection();
        Assert.Equal("npgsql.grant_writes", (await Assert.ThrowsAsync<RejectionException>(() => late.ExecuteAsync("SELECT "
            + "1"))).Rejection.Code);
    }

    [Fact]
    public async Task A_role_that_reads_writes_nothing_whatever_follows_a_commit()
    {
        using var database = new OrdersDatabase(server, signed: true);
        var before = database.AsSuperuser("SELECT o::text FROM orders o ORDER BY 1");
        var reports = database.Connect(database.Reports);
        await using var connection = await reports.WithGrant(Grant(), database.Options).OpenConnectionAsync(Stop);
        Assert.Equal(["anvil", "bell"], (await connection.QueryAsync<string>("SELECT product FROM orders ORDER BY id")).ToArray());
        foreach (var write in new[]
        {
            "UPDATE orders SET product = 'written'", "INSERT INTO orders VALUES ('a', 9, 'written')", "DELETE FROM orders", "TRUNCATE "
                + "orders, lines", "SELECT * FROM orders FOR UPDATE",
            "CREATE TABLE made (x int)", "CREATE TEMPORARY TABLE made (x int)", "CREATE SCHEMA made", "ALTER TABLE orders DISABLE ROW "
                + "LEVEL SECURITY", "SELECT lo_unlink(1)",
        })
        {
            foreach (var way in new[]
            {
                write, $"COMMIT; {write}", $"ROLLBACK; {write}", $"COMMIT; SET default_transaction_read_only = off; {write}", $"COMMIT; "
                    + $"BEGIN READ WRITE; {write}; COMMIT",
                $"SET TRANSACTION READ WRITE; {write}",
            })
            {
                await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(way));
                await connection.CloseAsync();
                await connection.OpenAsync(Stop);
            }
        }

        Assert.Equal(before, database.AsSuperuser("SELECT o::text FROM orders o ORDER BY 1"));
    }

    [Fact]
    public async Task After_a_commit_the_session_is_read_only_still()
    {
        using var database = new OrdersDatabase(server, signed: true);
        database.Options.DangerousAccept(NpgsqlRejectionReason.CreationAllowed, "temporary objects", "The belt is looked at, without the "
            + "audit.");
        Run(database, "GRANT TEMPORARY ON DATABASE $db TO $reports");
        var reports = database.Connect(database.Reports);
        await using var connection = await reports.WithGrant(Grant(), database.Options).OpenConnectionAsync(Stop);
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("COMMIT; CREATE TABLE made (x int)"));
        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, refusal.SqlState);
    }

    [Fact]
    public async Task A_role_that_cannot_be_audited_is_refused()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Database=none;Username=nobody");
        var granted = nowhere.WithGrant(Grant());
        Assert.Equal("npgsql.audit_failed", (await Assert.ThrowsAsync<RejectionException>(async () => await granted.OpenConnectionAsync(
            Stop))).Rejection.Code);
    }

    [Fact]
    public async Task A_refused_role_is_asked_again_once_its_rights_are_taken()
    {
        using var database = new OrdersDatabase(server, signed: true);
        Run(database, Writer);
        var granted = database.Connect(database.Reports).WithGrant(Grant(), database.Options);
        await Assert.ThrowsAsync<RejectionException>(async () => await granted.OpenConnectionAsync(Stop));
        Run(database, "REVOKE UPDATE ON orders FROM $reports");
        await using var connection = await granted.OpenConnectionAsync(Stop);
        Assert.Equal(2, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM orders"));
    }

    private static async Task<string> CodeAsync(Func<Task> act) => (await Assert.ThrowsAsync<RejectionException>(act)).Rejection.Code;

    [Fact]
    public async Task Behind_a_pooler_a_grant_reads_in_a_session_that_was_reset()
    {
        Assert.SkipUnless(PgBouncer.IsInstalled, "pgbouncer is not installed (Debian package pgbouncer).");
        using var database = new OrdersDatabase(server, signed: true, Pooler.Transaction);
        await using var bouncer = await PgBouncer.StartAsync(server.Port, database.Name, database.Reports, Stop);
        await using var reports = NpgsqlDataSource.Create(
            $"Host=127.0.0.1;Port={bouncer.Port};Database={database.Name};Username={database.Reports};No Reset On Close=true");
        database.Options.Pooler = Pooler.Transaction;
        await using (var plain = await reports.OpenConnectionAsync(Stop))
        {
            await plain.ExecuteAsync("SET search_path = nowhere; SET transform_null_equals = on");
        }

        await using var connection = await reports.WithGrant(Grant(), database.Options).OpenConnectionAsync(Stop);
        Assert.Equal(["a", "b"], (await connection.QueryAsync<string>("SELECT tenant_id FROM orders ORDER BY 1")).ToArray());
        Assert.Equal("off", await connection.ExecuteScalarAsync<string>("SHOW transform_null_equals"));
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("COMMIT; DELETE FROM orders"));
        Assert.Throws<RejectionException>(() => reports.WithGrant(Grant()));
    }

    private static CrossTenantGrant Grant()
    {
        var now = TimeProvider.System.GetUtcNow();
        return new CrossTenantGrant(Contexts.Of("a"), "The monthly report.", now, now + TimeSpan.FromMinutes(5));
    }

    private static void Run(OrdersDatabase database, string sql) => database.AsSuperuser($"{Fill(database, sql)}; SELECT '' WHERE false");

    private static string Fill(OrdersDatabase database, string sql) => sql
        .Replace("$app", database.App, StringComparison.Ordinal)
        .Replace("$owner", database.Owner, StringComparison.Ordinal)
        .Replace("$reports", database.Reports, StringComparison.Ordinal)
        .Replace("$db", database.Name, StringComparison.Ordinal);
}
