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
    [InlineData("npgsql.reference_unconfined", "DROP POLICY zerotrust_tenant ON orders")]
    [InlineData("npgsql.privilege_excessive", "GRANT SELECT ON information_schema._pg_user_mappings TO PUBLIC")]
    [InlineData("npgsql.creation_allowed", "GRANT CREATE ON SCHEMA pg_toast TO $app")]
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
    [InlineData("npgsql.role_privileged", "ALTER ROLE $app CREATEDB")]
    [InlineData("npgsql.role_privileged", "GRANT pg_signal_backend TO $app")]
    [InlineData("npgsql.role_privileged", "GRANT pg_read_all_settings TO $app")]
    [InlineData("npgsql.role_privileged", "GRANT pg_write_server_files TO $app")]
    [InlineData("npgsql.role_owns_object", "CREATE VIEW own WITH (security_invoker = on) AS SELECT * FROM orders; ALTER VIEW own OWNER "
        + "TO $app")]
    [InlineData("npgsql.role_owns_object", "CREATE FUNCTION own() RETURNS int LANGUAGE sql AS $f$ SELECT 1 $f$; ALTER FUNCTION own() "
        + "OWNER TO $app")]
    [InlineData("npgsql.role_owns_object", "CREATE DOMAIN own AS text; ALTER DOMAIN own OWNER TO $app")]
    [InlineData("npgsql.privilege_excessive", "GRANT REFERENCES (id) ON orders TO $app")]
    [InlineData("npgsql.privilege_excessive", "GRANT TRIGGER ON countries TO $app")]
    [InlineData("npgsql.privilege_excessive", "GRANT ALTER SYSTEM ON PARAMETER log_statement TO PUBLIC; REVOKE ALTER SYSTEM ON PARAMETER "
        + "log_statement FROM PUBLIC; GRANT SET ON PARAMETER log_statement TO $app")]
    [InlineData("npgsql.server_reachable", "CREATE EXTENSION file_fdw; GRANT USAGE ON FOREIGN DATA WRAPPER file_fdw TO $app")]
    [InlineData("npgsql.function_privileged", "CREATE FUNCTION pid() RETURNS int LANGUAGE internal AS 'pg_backend_pid'")]
    [InlineData("npgsql.function_privileged", "CREATE EXTENSION pg_prewarm")]
    [InlineData("npgsql.function_privileged", "CREATE TRUSTED LANGUAGE own HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler")]
    [InlineData("npgsql.privilege_excessive", "GRANT UPDATE ON information_schema.sql_features TO $app")]
    [InlineData("npgsql.policy_foreign", "CREATE TABLE loose (tenant_id char(8) NOT NULL); ALTER TABLE loose ENABLE ROW LEVEL SECURITY; "
        + "ALTER TABLE loose FORCE ROW LEVEL SECURITY; CREATE POLICY zerotrust_tenant ON loose USING (tenant_id = (SELECT "
        + "zerotrust.tenant())) WITH CHECK (tenant_id = (SELECT zerotrust.tenant())); GRANT SELECT ON loose TO $app")]
    [InlineData("npgsql.tenant_function_wrong", "ALTER FUNCTION zerotrust.tenant() IMMUTABLE")]
    [InlineData("npgsql.tenant_function_wrong", "ALTER FUNCTION zerotrust.tenant() OWNER TO $app")]
    [InlineData("npgsql.tenant_function_wrong", "ALTER ROLE $app SET zerotrust.tenant = 'a'")]
    [InlineData("npgsql.tenant_function_wrong", "CREATE TABLE zerotrust.more (x int); GRANT SELECT ON zerotrust.more TO $app")]
    [InlineData("npgsql.reference_unconfined", "ALTER ROLE $app SET session_replication_role = replica")]
    [InlineData("npgsql.policy_foreign", "CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level1', deterministic = false); "
        + "CREATE TABLE loose (tenant_id text COLLATE loose NOT NULL); ALTER TABLE loose ENABLE ROW LEVEL SECURITY; ALTER TABLE loose "
        + "FORCE ROW LEVEL SECURITY; CREATE POLICY zerotrust_tenant ON loose USING (tenant_id = (SELECT zerotrust.tenant())) WITH CHECK "
        + "(tenant_id = (SELECT zerotrust.tenant())); GRANT SELECT ON loose TO $app")]
    public async Task A_way_round_the_tenant_is_found(string code, string breaks)
    {
        using var database = new OrdersDatabase(server);
        var sql = breaks.Replace("$app", database.App, StringComparison.Ordinal).Replace("$owner", database.Owner, StringComparison.Ordinal);
        database.AsSuperuser($"{sql}; SELECT '' WHERE false");
        Assert.Contains(code, await Codes(database), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("log_parameter_max_length", "SET log_statement = 'all'", "RESET log_parameter_max_length")]
    [InlineData("log_parameter_max_length", "SET log_min_duration_statement = 0", "RESET log_parameter_max_length")]
    [InlineData("log_parameter_max_length", "SET log_min_duration_statement = '2s'", "SET log_parameter_max_length = 8")]
    [InlineData("log_parameter_max_length", "SET log_min_duration_sample = 0", "RESET log_parameter_max_length")]
    [InlineData("log_parameter_max_length", "SET log_transaction_sample_rate = 0.5", "RESET log_parameter_max_length")]
    [InlineData("log_parameter_max_length_on_error", "SET log_parameter_max_length_on_error = -1", "SET log_statement = 'none'")]
    [InlineData("debug_print_plan", "SET debug_print_plan = on", "SET log_statement = 'none'")]
    public async Task Logs_that_keep_the_signed_tenant_are_found(string subject, params string[] settings)
    {
        using var database = new OrdersDatabase(server, signed: true);
        Set(database, settings);
        Assert.Contains((await Audit(database)).Findings, finding => finding.Code == "npgsql.statements_visible"
            && finding.Detail!.StartsWith(subject + ":", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SET log_statement = 'all'")]
    [InlineData("SET log_min_duration_statement = 0")]
    [InlineData("RESET log_parameter_max_length")]
    [InlineData("SET log_statement = 'mod'", "RESET log_parameter_max_length")]
    public async Task Logs_that_do_not_are_left_alone(params string[] settings)
    {
        using var database = new OrdersDatabase(server, signed: true);
        Set(database, settings);
        Assert.Empty(await Codes(database));
    }

    [Fact]
    public async Task An_old_foreign_key_beside_the_one_with_the_tenant_is_to_be_dropped()
    {
        using var database = new OrdersDatabase(server);
        database.AsOwner(
            "ALTER TABLE orders ADD UNIQUE (id); ALTER TABLE lines ADD CONSTRAINT old FOREIGN KEY (order_id) REFERENCES orders (id)");
        Assert.Contains((await Audit(database)).Findings, finding => finding.Code == "npgsql.reference_unconfined"
            && finding.Detail!.Contains("ALTER TABLE public.lines DROP CONSTRAINT old.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Temporary_objects_are_found_behind_a_pooler()
    {
        using var database = new OrdersDatabase(server);
        database.AsSuperuser($"GRANT TEMPORARY ON DATABASE {database.Name} TO PUBLIC; SELECT '' WHERE false");
        Assert.Empty(await Codes(database));
        var pooled = database.Connect(database.App, "No Reset On Close=true");
        foreach (var pooler in new[] { Pooler.Transaction, Pooler.Session })
        {
            database.Options.Pooler = pooler;
            var report = await RowSecurityAudit.RunAsync(pooled, database.Options, TestContext.Current.CancellationToken);
            Assert.Equal(
                ["npgsql.creation_allowed"], report.Findings.Select(finding => finding.Code).Distinct(StringComparer.Ordinal).ToArray());
        }
    }

    [Fact]
    public async Task A_schema_is_read_unless_it_is_excluded_by_name()
    {
        using var database = new OrdersDatabase(server);
        database.AsSuperuser($"CREATE SCHEMA stock; GRANT USAGE ON SCHEMA stock TO {database.App}; CREATE TABLE stock.items (id int); "
            + $"GRANT SELECT ON stock.items TO {database.App}; SELECT '' WHERE false");
        Assert.Equal(["npgsql.row_security_missing"], await Codes(database));
        database.Options.ExcludedSchemas.Add("stock");
        Assert.Empty(await Codes(database));
    }

    [Fact]
    public async Task What_the_role_sets_for_its_sessions_does_not_change_the_answers()
    {
        using var database = new OrdersDatabase(server, signed: true);
        Set(database, ["SET quote_all_identifiers = on", "SET standard_conforming_strings = off", "SET array_nulls = off",
            "SET transform_null_equals = on", "SET bytea_output = 'escape'", "SET datestyle = 'SQL, DMY'", "SET intervalstyle = 'iso_8601'",
            "SET extra_float_digits = -15", "SET xmlbinary = 'hex'", "SET backslash_quote = off", "SET lc_numeric = 'C.UTF-8'",
            "SET search_path = public, pg_catalog", "SET enable_seqscan = off", "SET timezone = 'Asia/Tokyo'"]);
        Assert.Empty((await Audit(database)).Findings.Select(finding => finding.ToString()).ToArray());
    }

    [Fact]
    public async Task An_accepted_finding_is_told_apart_and_no_other_is_accepted_with_it()
    {
        using var database = new OrdersDatabase(server);
        database.AsSuperuser($"ALTER ROLE {database.App} RESET track_activities; GRANT TRUNCATE ON orders TO {database.App}; SELECT '' "
            + "WHERE false");
        database.Options.DangerousAccept(NpgsqlRejectionReason.StatementsVisible, "track_activities", "Every statement has parameters.");
        database.Options.DangerousAccept(NpgsqlRejectionReason.PrivilegeExcessive, "public.lines", "Another table.");
        var report = await Audit(database);
        Assert.Equal(["npgsql.privilege_excessive"], report.Findings.Select(finding => finding.Code).ToArray());
        Assert.Equal(["npgsql.statements_visible"], report.Accepted.Select(finding => finding.Code).ToArray());
        Assert.Contains("Every statement has parameters.", report.Accepted[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MAINTAIN_is_found_where_the_server_has_it()
    {
        using var database = new OrdersDatabase(server);
        Assert.SkipUnless(int.Parse(database.AsSuperuser("SHOW server_version_num")[0],
            System.Globalization.CultureInfo.InvariantCulture) >= 170000, "PostgreSQL 17 has it first.");
        database.AsSuperuser($"GRANT MAINTAIN ON orders TO {database.App}; SELECT '' WHERE false");
        Assert.Equal(["npgsql.privilege_excessive"], await Codes(database));
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
        using var again = new OrdersDatabase(server, signed: true);
        again.AsOwner(RowSecuritySql.CreateSchema());
        Assert.Contains("is unsigned", Assert.Single((await Audit(again)).Findings).Detail, StringComparison.Ordinal);
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

    private static void Set(OrdersDatabase database, string[] settings) =>
        database.AsSuperuser($"{string.Join("; ", settings.Select(setting => $"ALTER ROLE {database.App} {setting}"))}; SELECT '' WHERE "
            + "false");

    private static Task<RowSecurityReport> Audit(OrdersDatabase database) =>
        RowSecurityAudit.RunAsync(database.Source, database.Options, TestContext.Current.CancellationToken);

    private static async Task<string[]> Codes(OrdersDatabase database) =>
        [.. (await Audit(database)).Findings.Select(finding => finding.Code).Distinct(StringComparer.Ordinal)];
}
