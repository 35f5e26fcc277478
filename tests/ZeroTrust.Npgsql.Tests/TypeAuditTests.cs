using ZeroTrust.Npgsql.Tests.Databases;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests;

/// <summary>Types by which two tenants could be one, values that a comparison could tell, and rights that are given beforehand.</summary>
public sealed class TypeAuditTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private const string Loose = "CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level1', deterministic = false); ";

    [Theory]
    [InlineData("CREATE DOMAIN tenant_key AS char(20)")]
    [InlineData($"{Loose}CREATE DOMAIN tenant_key AS text COLLATE loose")]
    [InlineData($"{Loose}CREATE DOMAIN strict AS text; CREATE DOMAIN tenant_key AS strict COLLATE loose")]
    [InlineData("CREATE DOMAIN strict AS name; CREATE DOMAIN tenant_key AS strict")]
    public async Task A_domain_by_which_two_tenants_could_be_equal_is_found(string domain)
    {
        using var database = new OrdersDatabase(server);
        Run(database, $"{domain}; CREATE TABLE parts (tenant_id tenant_key NOT NULL); {RowSecuritySql.Enable("parts", "tenant_id")} GRANT "
            + $"SELECT ON parts TO {database.App}");
        Assert.Contains("npgsql.policy_foreign", await CodesAsync(database), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("query tsquery", "query <> 'x'")]
    [InlineData("tags text[]", "tags <> '{}'")]
    [InlineData("price numeric", "100 / price > 1")]
    [InlineData("span int4range", "span <> 'empty'")]
    public async Task Comparisons_that_can_fail_on_a_value_are_found(string column, string condition)
    {
        using var database = new OrdersDatabase(server);
        Run(database, $"ALTER TABLE orders ADD COLUMN {column}; CREATE POLICY narrower ON orders AS RESTRICTIVE USING ({condition})");
        Assert.Equal(["npgsql.policy_foreign"], await CodesAsync(database));
    }

    [Theory]
    [InlineData("ALL", true)]
    [InlineData("UPDATE", true)]
    [InlineData("USAGE, SELECT", false)]
    public async Task Default_rights_to_set_sequences_are_found(string rights, bool isFound)
    {
        using var database = new OrdersDatabase(server);
        Run(database, $"ALTER DEFAULT PRIVILEGES FOR ROLE {database.Owner} GRANT {rights} ON SEQUENCES TO {database.App}");
        Assert.Equal(isFound ? ["npgsql.privilege_excessive"] : [], await CodesAsync(database));
    }

    private static void Run(OrdersDatabase database, string sql) => database.AsSuperuser($"{sql}; SELECT '' WHERE false");

    private static async Task<string[]> CodesAsync(OrdersDatabase database) =>
        [.. (await RowSecurityAudit.RunAsync(database.Source, database.Options, TestContext.Current.CancellationToken)).Findings
            .Select(finding => finding.Code)];
}
