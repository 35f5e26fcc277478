using ZeroTrust.Redaction.Statements;

namespace ZeroTrust.Redaction.Tests.Statements;

public sealed class StatementPolicyTests
{
    private const string Quoted = "SELECT a FROM \"t\" WHERE \"a\" = \"kim\"";

    [Fact]
    public void Clean_statement_of_one_language_is_read_anew_in_another()
    {
        var policy = RedactionPolicy.Create(new RedactionOptions());

        Assert.Equal(Quoted, Redact(policy, "postgresql", Quoted));
        Assert.Equal(Quoted, Redact(policy, "postgresql", Quoted));
        Assert.Equal("SELECT a FROM ? WHERE ? = ?", Redact(policy, "mysql", Quoted));
        Assert.Equal("SELECT a FROM \"t\" WHERE \"a\" = ?", Redact(policy, "sqlite", Quoted));
        Assert.Equal(Quoted, Redact(policy, "postgresql", Quoted));
    }

    [Theory]
    [InlineData("postgresql", "kim", "kim")]
    [InlineData("redis", "GET kim", "GET kim")]
    [InlineData("brand_new_db", "SELECT 'kim'", "SELECT ?")]
    [InlineData("brand_new_db", "kim", "[erased]")]
    [InlineData(null, "kim", "[erased]")]
    [InlineData("", "kim", "[erased]")]
    public void System_tells_before_the_look_does(string? system, string statement, string expected) =>
        Assert.Equal(expected, Redact(RedactionPolicy.Create(new RedactionOptions()), system, statement));

    [Fact]
    public void Database_is_asked_for_only_where_there_is_a_statement()
    {
        var policy = RedactionPolicy.Create(new RedactionOptions());
        var asked = 0;

        policy.RedactTag(new("http.route", "/a"), 0, Ask, out _);
        policy.RedactTag(new("password", "x"), 0, Ask, out _);
        Assert.Equal(0, asked);

        policy.RedactTag(new("db.statement", "GET kim"), 0, Ask, out var redacted);
        Assert.Equal(1, asked);
        Assert.False(redacted);

        string Ask(int state)
        {
            asked++;
            return "redis";
        }
    }

    [Fact]
    public void Detectors_run_over_what_is_left() =>
        Assert.Equal("GET user:[email]", Redact(RedactionPolicy.Create(new RedactionOptions()), "redis", "GET user:kim@example.com"));

    [Theory]
    [InlineData("db.system.name values", "actian.ingres aws.dynamodb aws.redshift azure.cosmosdb cassandra clickhouse cockroachdb couchbase couchdb derby elasticsearch firebirdsql gcp.spanner geode h2database hbase hive hsqldb ibm.db2 ibm.informix ibm.netezza influxdb instantdb intersystems.cache mariadb memcached microsoft.sql_server mongodb mysql neo4j opensearch oracle.db other_sql postgresql redis sap.hana sap.maxdb softwareag.adabas sqlite teradata trino")]
    [InlineData("db.system values", "adabas cache cassandra clickhouse cloudscape cockroachdb coldfusion cosmosdb couchbase couchdb db2 derby dynamodb edb elasticsearch filemaker firebird firstsql geode h2 hanadb hbase hive hsqldb informix ingres instantdb interbase mariadb maxdb memcached mongodb mssql mssqlcompact mysql neo4j netezza opensearch oracle other_sql pervasive pointbase postgresql progress redis redshift spanner sqlite sybase teradata trino vertica")]
    public void Systems_of_the_conventions_have_a_language(string source, string systems) => Assert.All(
        systems.Split(' '), system => Assert.True(DatabaseSystems.LanguageOf(system) != StatementLanguage.Unknown, $"{source}: {system}"));

    private static object? Redact(RedactionPolicy policy, string? system, string statement) => policy.RedactTag(new("db.query.text", statement), system, out _).Value;
}
