using ZeroTrust.Npgsql.Tests.Databases;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests;

/// <summary>One database broken in one way each; the one that all break is without findings.</summary>
public sealed class RowSecurityAuditTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_database_made_by_the_statements_has_no_finding(bool isSigned)
    {
        using var database = new OrdersDatabase(server, isSigned);
        var report = await Audit(database);
        Assert.Empty(report.Findings.Select(finding => finding.ToString()).ToArray());
        Assert.Equal(["public.lines", "public.orders"], report.Tables.ToArray());
        Assert.Equal(database.App, report.Role);
    }

    [Theory]
    [InlineData("npgsql.row_security_missing", "ALTER TABLE orders DISABLE ROW LEVEL SECURITY")]
    [InlineData("npgsql.row_security_missing", "ALTER TABLE orders NO FORCE ROW LEVEL SECURITY")]
    [InlineData("npgsql.row_security_missing", "DROP POLICY zerotrust_tenant ON orders")]
    [InlineData("npgsql.row_security_missing", "CREATE TABLE undecided (id int); GRANT SELECT ON undecided TO $app")]
    [InlineData("npgsql.row_security_missing", "CREATE TABLE undecided (id int, x int); GRANT SELECT (x) ON undecided TO $app")]
    [InlineData("npgsql.policy_foreign", "CREATE POLICY open ON orders USING (true)")]
    [InlineData("npgsql.policy_foreign", "CREATE POLICY open ON orders FOR SELECT TO $app USING (id = 2)")]
    [InlineData("npgsql.policy_foreign", "ALTER POLICY zerotrust_tenant ON orders USING (tenant_id = (SELECT zerotrust.tenant()) OR id = 2)")]
    [InlineData("npgsql.policy_foreign", "ALTER POLICY zerotrust_tenant ON orders WITH CHECK (true)")]
    [InlineData("npgsql.privilege_excessive", "GRANT TRUNCATE ON orders TO $app")]
    [InlineData("npgsql.privilege_excessive", "GRANT TRIGGER ON orders TO $app")]
    [InlineData("npgsql.privilege_excessive", "GRANT REFERENCES ON orders TO $app")]
    [InlineData("npgsql.view_unconfined", "CREATE VIEW leak AS SELECT * FROM orders; GRANT SELECT ON leak TO $app")]
    [InlineData("npgsql.view_unconfined", "CREATE MATERIALIZED VIEW leak AS SELECT * FROM orders; GRANT SELECT ON leak TO $app")]
    [InlineData("npgsql.reference_unconfined", "ALTER TABLE orders ADD UNIQUE (id); ALTER TABLE lines ADD FOREIGN KEY (order_id) REFERENCES orders (id)")]
    [InlineData("npgsql.reference_unconfined", "ALTER TABLE orders ADD UNIQUE (id); ALTER TABLE countries ADD COLUMN order_id int REFERENCES orders (id)")]
    [InlineData("npgsql.index_unconfined", "CREATE UNIQUE INDEX ON orders (product)")]
    [InlineData("npgsql.role_owns_table", "GRANT $owner TO $app")]
    [InlineData("npgsql.tenant_function_wrong", "DROP FUNCTION zerotrust.tenant() CASCADE")]
    [InlineData("npgsql.tenant_function_wrong", "CREATE OR REPLACE FUNCTION zerotrust.tenant() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'b' $$")]
    [InlineData("npgsql.tenant_function_wrong", "GRANT CREATE ON SCHEMA zerotrust TO $app")]
    [InlineData("npgsql.role_privileged", "ALTER ROLE $app SUPERUSER")]
    [InlineData("npgsql.role_privileged", "ALTER ROLE $app BYPASSRLS")]
    [InlineData("npgsql.role_privileged", "GRANT postgres TO $app")]
    [InlineData("npgsql.function_privileged", "CREATE FUNCTION leak() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*) FROM orders $$")]
    public async Task A_way_round_the_tenant_is_found(string code, string breaks)
    {
        using var database = new OrdersDatabase(server);
        var sql = breaks.Replace("$app", database.App, StringComparison.Ordinal).Replace("$owner", database.Owner, StringComparison.Ordinal);
        database.AsSuperuser($"{sql}; SELECT '' WHERE false");
        Assert.Contains(code, await Codes(database), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("CREATE TABLE unreachable (id int)")]
    [InlineData("CREATE POLICY narrower ON orders AS RESTRICTIVE USING (id < 100)")]
    [InlineData("CREATE UNIQUE INDEX ON orders (tenant_id, product)")]
    [InlineData("CREATE VIEW own WITH (security_invoker = on) AS SELECT * FROM orders; GRANT SELECT ON own TO $app")]
    [InlineData("CREATE FUNCTION harmless() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM orders $$")]
    public async Task Its_nearest_neighbour_is_not(string sql)
    {
        using var database = new OrdersDatabase(server);
        database.AsSuperuser($"{sql.Replace("$app", database.App, StringComparison.Ordinal)}; SELECT '' WHERE false");
        Assert.Empty(await Codes(database));
    }

    [Theory]
    [InlineData("GRANT SELECT ON zerotrust.tenant_keys TO $app")]
    [InlineData("ALTER FUNCTION zerotrust.tenant() SECURITY INVOKER")]
    [InlineData("ALTER FUNCTION zerotrust.tenant() RESET search_path")]
    [InlineData("DELETE FROM zerotrust.tenant_keys")]
    [InlineData("CREATE OR REPLACE FUNCTION zerotrust.tenant() RETURNS text LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('zerotrust.tenant', true), '') $$")]
    public async Task A_tenant_that_is_not_proved_is_found(string breaks)
    {
        using var database = new OrdersDatabase(server, signed: true);
        database.AsSuperuser($"{breaks.Replace("$app", database.App, StringComparison.Ordinal)}; SELECT '' WHERE false");
        Assert.Contains("npgsql.tenant_function_wrong", await Codes(database), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Signing_on_one_side_alone_is_found()
    {
        using var signed = new OrdersDatabase(server, signed: true);
        signed.Options.SigningKey = null;
        Assert.Contains("npgsql.tenant_function_wrong", await Codes(signed), StringComparer.Ordinal);

        using var unsigned = new OrdersDatabase(server);
        unsigned.Options.SigningKey = new TenantSigningKey("k1", new byte[32]);
        Assert.Contains("npgsql.tenant_function_wrong", await Codes(unsigned), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Settings_that_share_sessions_are_found_unless_a_pooler_is_declared()
    {
        using var database = new OrdersDatabase(server);
        var kept = database.Connect(database.App, "No Reset On Close=true");
        Assert.Equal(["npgsql.pooling_unsafe"], (await RowSecurityAudit.RunAsync(kept, database.Options, TestContext.Current.CancellationToken)).Findings.Select(finding => finding.Code).ToArray());
        database.Options.Pooler = Pooler.Transaction;
        Assert.Empty((await RowSecurityAudit.RunAsync(kept, database.Options, TestContext.Current.CancellationToken)).Findings);
        Assert.Contains("npgsql.pooling_unsafe", (await RowSecurityAudit.RunAsync(database.Connect(database.App, "Multiplexing=true"), database.Options, TestContext.Current.CancellationToken)).Findings.Select(finding => finding.Code).ToArray(), StringComparer.Ordinal);
    }

    private static Task<RowSecurityReport> Audit(OrdersDatabase database) =>
        RowSecurityAudit.RunAsync(database.Source, database.Options, TestContext.Current.CancellationToken);

    private static async Task<string[]> Codes(OrdersDatabase database) =>
        [.. (await Audit(database)).Findings.Select(finding => finding.Code).Distinct(StringComparer.Ordinal)];
}
