using ZeroTrust.Npgsql.Internal;
using ZeroTrust.Npgsql.Tests.Databases;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests;

/// <summary>What answers the tenant is what the statements made, to the word.</summary>
public sealed class TenantFunctionAuditTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private const string Fallback = "CREATE OR REPLACE FUNCTION zerotrust.tenant() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE "
        + "AS $$ SELECT coalesce(nullif(current_setting('request.tenant', true), ''), nullif(current_setting('zerotrust.tenant', "
        + "true), '')) $$";

    // As a version before wrote it: sound as to the tenant, and what ends in it seems to find no rows.
    private const string Before =
        """
        CREATE OR REPLACE FUNCTION zerotrust.tenant() RETURNS text LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
        AS $$
          SELECT part[3]
          FROM (SELECT string_to_array(current_setting('zerotrust.tenant', true), ':') AS part) given
          JOIN zerotrust.tenant_keys signing ON signing.id = part[2]
          WHERE cardinality(part) = 6 AND part[1] = 'v2' AND part[5] IN (pg_backend_pid()::text)
            AND encode(sha256(outer_block || sha256(inner_block || convert_to(array_to_string(part[1:5], ':'), 'UTF8'))), 'hex') = part[6]
            AND CASE WHEN part[4] ~ '^[0-9]{1,12}$' THEN part[4]::bigint > extract(epoch FROM clock_timestamp()) ELSE false END
        $$
        """;

    [Theory]
    [InlineData(false, "text", Fallback)]
    [InlineData(true, "text", Before)]
    [InlineData(true, "PARALLEL", "ALTER FUNCTION zerotrust.tenant() PARALLEL SAFE")]
    [InlineData(true, "SECURITY", "ALTER FUNCTION zerotrust.tenant() SECURITY INVOKER; GRANT SELECT ON zerotrust.tenant_keys TO $app")]
    [InlineData(true, "SET", "ALTER FUNCTION zerotrust.tenant() SET search_path = public, pg_catalog")]
    [InlineData(true, "SET", "ALTER FUNCTION zerotrust.tenant() SET timezone = 'UTC'")]
    [InlineData(false, "SET", "ALTER FUNCTION zerotrust.tenant() SET \"zerotrust.tenant\" = 'a'")]
    [InlineData(true, "flags", "ALTER FUNCTION zerotrust.tenant() VOLATILE")]
    [InlineData(true, "flags", "ALTER FUNCTION zerotrust.tenant() LEAKPROOF")]
    [InlineData(false, "flags", "ALTER FUNCTION zerotrust.tenant() STRICT")]
    [InlineData(false, "text", "CREATE OR REPLACE FUNCTION zerotrust.tenant() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE RETURN "
        + "nullif(current_setting('zerotrust.tenant', true), '')")]
    [InlineData(true, "owner", "CREATE ROLE other_$app; GRANT SELECT ON zerotrust.tenant_keys TO other_$app; ALTER FUNCTION "
        + "zerotrust.tenant() OWNER TO other_$app")]
    [InlineData(true, "another function", "CREATE FUNCTION zerotrust.tenant(x text) RETURNS text LANGUAGE sql AS $$ SELECT x $$")]
    public async Task A_tenant_function_that_was_changed_is_found(bool isSigned, string difference, string change)
    {
        using var database = new OrdersDatabase(server, isSigned);
        Run(database, change);
        var finding = Assert.Single(
            await FindingsAsync(database), finding => finding.Detail!.StartsWith("text of zerotrust.tenant():", StringComparison.Ordinal));
        Assert.Equal("npgsql.tenant_function_wrong", finding.Code);
        Assert.Contains(difference, finding.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gives SELECT to", "CREATE ROLE other_$app; GRANT SELECT ON zerotrust.tenant_keys TO other_$app")]
    [InlineData("gives SELECT to", "CREATE ROLE other_$app; GRANT SELECT (inner_block) ON zerotrust.tenant_keys TO other_$app")]
    [InlineData("gives INSERT, UPDATE to PUBLIC", "GRANT INSERT, UPDATE ON zerotrust.tenant_keys TO PUBLIC")]
    [InlineData("has row-level security", "ALTER TABLE zerotrust.tenant_keys ENABLE ROW LEVEL SECURITY")]
    [InlineData("has policy narrower", "CREATE POLICY narrower ON zerotrust.tenant_keys USING (true)")]
    [InlineData("has rule copy", "CREATE TABLE zerotrust.copied (id text); CREATE RULE copy AS ON INSERT TO zerotrust.tenant_keys DO ALSO "
        + "INSERT INTO zerotrust.copied VALUES (new.id)")]
    [InlineData("inherits from public.kept", "CREATE TABLE kept (id text NOT NULL, inner_block bytea NOT NULL, outer_block bytea NOT "
        + "NULL); ALTER TABLE zerotrust.tenant_keys INHERIT kept")]
    [InlineData("is no table of", "ALTER TABLE zerotrust.tenant_keys ADD more text")]
    [InlineData("is neither", "CREATE ROLE other_$app; ALTER TABLE zerotrust.tenant_keys OWNER TO other_$app; GRANT SELECT ON "
        + "zerotrust.tenant_keys TO $owner")]
    [InlineData("is missing", "DROP TABLE zerotrust.tenant_keys CASCADE")]
    public async Task Keys_that_others_may_read_or_write_are_found(string what, string change)
    {
        using var database = new OrdersDatabase(server, signed: true);
        Run(database, change);
        Assert.Contains(await FindingsAsync(database), finding => finding.Code == "npgsql.tenant_function_wrong"
            && finding.Detail!.StartsWith($"zerotrust.tenant_keys: it {what}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false, Pooler.None)]
    [InlineData(true, Pooler.None)]
    [InlineData(true, Pooler.Session)]
    [InlineData(true, Pooler.Transaction)]
    public async Task Other_line_breaks_are_the_same_text(bool isSigned, Pooler pooler)
    {
        using var database = new OrdersDatabase(server, isSigned, pooler);
        database.Options.Pooler = pooler;
        var text = (isSigned ? TenantFunction.Signed(pooler) : TenantFunction.Unsigned).Sql;
        Run(database, text.Replace(" AND ", "\r\n\tAND  ", StringComparison.Ordinal)
            .Replace("SELECT ", "SELECT\n", StringComparison.Ordinal));
        var source = database.Connect(database.App, pooler == Pooler.None ? string.Empty : "No Reset On Close=true");
        Assert.Empty((await RowSecurityAudit.RunAsync(source, database.Options, TestContext.Current.CancellationToken)).Findings
            .Select(finding => finding.ToString()).ToArray());
    }

    [Fact]
    public async Task A_space_that_is_a_letter_to_PostgreSQL_is_another_text()
    {
        var text = TenantFunction.Unsigned.Text;
        Assert.False(TenantFunction.Unsigned.IsWritten(text.Replace("SELECT ", "SELECT\u00a0", StringComparison.Ordinal)));
        using var database = new OrdersDatabase(server);
        Assert.Empty(await FindingsAsync(database));
    }

    [Fact]
    public async Task The_statements_mend_what_was_changed()
    {
        using var database = new OrdersDatabase(server, signed: true);
        Run(database, Before);
        var finding = Assert.Single(await FindingsAsync(database));
        Assert.Contains("Run RowSecuritySql.CreateSchema again", finding.Detail, StringComparison.Ordinal);
        database.AsOwner(RowSecuritySql.CreateSchema([database.Key!]));
        Assert.Empty(await FindingsAsync(database));
    }

    private static void Run(OrdersDatabase database, string sql) => database.AsSuperuser(
        sql.Replace("$app", database.App, StringComparison.Ordinal).Replace("$owner", database.Owner, StringComparison.Ordinal)
            + "; SELECT '' WHERE false");

    private static async Task<IReadOnlyList<Rejection>> FindingsAsync(OrdersDatabase database) =>
        (await RowSecurityAudit.RunAsync(database.Source, database.Options, TestContext.Current.CancellationToken)).Findings;
}
