using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using ZeroTrust.Redaction.Internal;
using ZeroTrust.Redaction.Statements;
using ZeroTrust.Redaction.Tests.Properties;

namespace ZeroTrust.Redaction.Tests.Statements;

public sealed class StatementProperties
{
    private const string Canary = "Kanarienvogel";
    private const int MaxGrowth = 3;
    private const int Repetitions = 50_000;

    private static readonly StatementLanguage[] Languages = Enum.GetValues<StatementLanguage>();

    /// <summary>Databases with a way to write a literal: what stands in it as it should, in quotes.</summary>
    private static readonly (string System, Func<string, string> Quote)[] Syntaxes =
    [
        .. from system in new[] { "postgresql", "mssql", "oracle", "sqlite", "cassandra", "db2", "aws.dynamodb" } select (system,
            (Func<string, string>)Doubled),
        .. from system in new[] { "mysql", "snowflake", "bigquery", "clickhouse", "databricks", "salesforce", "couchbase", "cosmosdb",
            "influxdb" } select (system, (Func<string, string>)Escaped),
        .. from system in new[] { "mysql", "bigquery", "databricks", "couchbase", "cosmosdb" } select (system,
            (Func<string, string>)EscapedTwice),
        ("mysql", static text =>
            "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\"\"", StringComparison.Ordinal) + "\""),
        ("postgresql", static text => "E" + Escaped(text)),
        ("postgresql", static text => "$tag$" + text.Replace("$", "", StringComparison.Ordinal) + "$tag$"),
        ("snowflake", static text => "$$" + text.Replace("$", "", StringComparison.Ordinal) + "$$"),
        ("oracle", static text => "q'[" + text.Replace("]", "", StringComparison.Ordinal) + "]'"),
        ("oracle", static text => "nq'!" + text.Replace("!", "", StringComparison.Ordinal) + "!'"),
        ("mssql", static text => "N" + Doubled(text)),
        ("bigquery", static text =>
            "\"\"\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"\"\""),
        ("mysql", static text => "x'" + Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(text)) + "'"),
    ];

    /// <summary>Languages that are read word by word and are no SQL, with a statement around the literal.</summary>
    private static readonly (string System, string Before, string Behind, Func<string, string> Quote)[] Queries =
    [
        ("neo4j", "MATCH (p:Person {name: ", ", b: $b}) RETURN p.end", Escaped),
        ("neo4j", "MATCH (p:Person) WHERE p.n = ", " RETURN p.end", EscapedTwice),
        ("gremlin", "g.V().has(", ").out().end()", Escaped),
        ("kusto", "T | where a == ", " | project end", EscapedTwice),
        ("kusto", "T | where a == @", " | project end", Doubled),
        ("prometheus", "rate(m{a=", "}[5m]) by (end)", EscapedTwice),
        ("mongodb", "db.users.find({a: ", "}).end()", Escaped),
        ("mongodb", "{\"find\":\"u\",\"filter\":{\"a\":", "},\"end\":true}", Json),
        ("elasticsearch", "POST /u/_search\n{\"query\":{\"match\":{\"a\":", "}},\"end\":true}", Json),
        ("aws.dynamodb", "{\"TableName\":\"T\",\"Key\":{\"a\":{\"S\":", "}},\"end\":true}", Json),
        ("cosmosdb", "{\"query\":\"SELECT 1\",\"parameters\":[{\"name\":\"@a\",\"value\":", "}],\"end\":true}", Json),
        ("ldap", "(&(a=", ")(end=*))", Filter),
        ("influxdb", "m,a=b v=", ",end=1", EscapedTwice),
    ];

    [Property(Arbitrary = [typeof(LiteralContent)], MaxTest = 1000)]
    public void Nothing_of_a_literal_of_sql_is_left_and_nothing_else_is_lost(string content)
    {
        foreach (var (system, quote) in Syntaxes)
        {
            var literal = quote(content);
            var statement = $"SELECT a FROM t WHERE b = {literal} AND f({literal}, 1) IN ({literal}, c) AND d = {literal}\nORDER BY e";
            var stripped = StatementText.Strip(statement, DatabaseSystems.LanguageOf(system), keepsComments: false);

            Assert.Equal("SELECT a FROM t WHERE b = ? AND f(?, ?) IN (?, c) AND d = ?\nORDER BY e", stripped);
            Assert.DoesNotContain(Canary, StatementText.Strip(statement, StatementLanguage.OtherSql, keepsComments: false),
                StringComparison.Ordinal);
            Assert.DoesNotContain(Canary, StatementText.Strip(statement[..^20], DatabaseSystems.LanguageOf(system), keepsComments: false),
                StringComparison.Ordinal);
        }
    }

    [Property(Arbitrary = [typeof(LiteralContent)], MaxTest = 1000)]
    public void Nothing_of_a_literal_of_a_query_is_left_and_nothing_else_is_lost(string content)
    {
        foreach (var (system, before, behind, quote) in Queries)
        {
            var statement = before + quote(content) + behind;
            var stripped = StatementText.Strip(statement, DatabaseSystems.LanguageOf(system), keepsComments: false);

            Assert.DoesNotContain(Canary, stripped, StringComparison.Ordinal);
            Assert.Contains("end", stripped, StringComparison.Ordinal);
        }
    }

    [Property(Arbitrary = [typeof(LiteralContent)], MaxTest = 1000)]
    public void Nothing_of_an_argument_of_redis_is_left(string content)
    {
        var quoted = Json(content);

        Assert.Equal("SET k ?", StatementText.Strip($"SET k {quoted} EX 60", StatementLanguage.Redis, keepsComments: false));
        Assert.Equal("EVAL ? 1 k ?", StatementText.Strip($"EVAL {quoted} 1 k {quoted}", StatementLanguage.Redis, keepsComments: false));
        Assert.DoesNotContain(Canary, StatementText.Strip($"SET k {content}", StatementLanguage.Redis, keepsComments: false),
            StringComparison.Ordinal);
    }

    [Property(Arbitrary = [typeof(HostileText)], MaxTest = 1000)]
    public void Statement_grows_within_its_bound_and_stays_as_it_is(string text)
    {
        foreach (var language in Languages)
        {
            var once = StatementText.Strip(text, language, keepsComments: false);

            Assert.True(once == StatementText.Strip(once, language, keepsComments: false),
                $"{language}: {text} -> {once} -> {StatementText.Strip(once, language, keepsComments: false)}");
            Assert.InRange(once.Length, 0, Math.Max(text.Length * MaxGrowth, RedactionPolicy.Erased.Length));
        }
    }

    [Property(Arbitrary = [typeof(HostileStatement)], MaxTest = 2000)]
    public void Redacted_statement_stays_as_it_is(string text)
    {
        foreach (var system in new[] { null, "postgresql", "mysql", "sqlite", "redis", "mongodb", "elasticsearch", "kusto" })
        {
            var statements = new StatementRedactor(new TextRedactor([], []), keepsComments: false);
            var once = statements.Redact(text, system);

            Assert.True(once == statements.Redact(once, system), $"{system}: {text} -> {once} -> {statements.Redact(once, system)}");
        }
    }

    /// <summary>Were a reader quadratic in one of these, they would not end within the run.</summary>
    [Theory]
    [MemberData(nameof(HostileText.Repeated), MemberType = typeof(HostileText))]
    public void Many_of_one_beginning_end(string bait) => AllEnd(bait);

    [Theory]
    [InlineData("(\"", ",\"a b\"")]
    [InlineData("'a\\", "'b'")]
    [InlineData("$a$", "$b$")]
    [InlineData("[", "x")]
    [InlineData("{\"a\":", "[")]
    [InlineData("/*", "/*+")]
    [InlineData("/*+a(", ")")]
    [InlineData("`", "```")]
    [InlineData("(a=", "(")]
    [InlineData("\n", "GET a")]
    [InlineData("\nSET a", " \"")]
    [InlineData("DO $$", "AS $a$")]
    [InlineData("COPY a FROM STDIN;", "\n")]
    [InlineData("IN (\"a\"", "\"b\".")]
    public void Many_of_two_beginnings_end(string first, string second) => AllEnd(first + second);

    [Theory]
    [InlineData("postgresql",
        "SELECT \"o\".\"Id\" FROM \"Orders\" AS \"o\" WHERE \"o\".\"TenantId\" = @tenant AND \"o\".\"Id\" = $1 AND t2.x2 = :id")]
    [InlineData("mssql", "SELECT [o].[Id] FROM [Orders] AS [o] WHERE [o].[TenantId] = @tenant")]
    [InlineData("redis", "GET user:42")]
    [InlineData("mongodb", "{\"find\":\"users\",\"filter\":{\"a\":\"?\"}}")]
    [InlineData("ldap", "(&(a=?)(b=*))")]
    public void Statement_without_literals_costs_no_memory(string system, string statement)
    {
        var language = DatabaseSystems.LanguageOf(system);
        StatementText.Strip(statement, language, keepsComments: false);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var same = ReferenceEquals(statement, StatementText.Strip(statement, language, keepsComments: false));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(same);
        Assert.Equal(0, allocated);
    }

    private static void AllEnd(string bait)
    {
        var text = string.Concat(Enumerable.Repeat(bait, Repetitions / bait.Length));
        foreach (var language in Languages)
        {
            Assert.InRange(StatementText.Strip(text, language, keepsComments: false).Length, 0, text.Length * MaxGrowth);
            Assert.InRange(StatementText.Strip(text, language, keepsComments: true).Length, 0, text.Length * MaxGrowth);
        }
    }

    private static string Doubled(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    private static string Escaped(string text) =>
        "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";

    private static string EscapedTwice(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";

    private static string Json(string text) => EscapedTwice(text.Replace('\n', ' ').Replace('\r', ' '));

    private static string Filter(string text) =>
        text.Replace("\\", "\\5c", StringComparison.Ordinal).Replace("(", "\\28", StringComparison.Ordinal).Replace(")", "\\29", StringComparison.Ordinal);

    /// <summary>What a literal may hold, with a word in it that must not be left.</summary>
    public static class LiteralContent
    {
        private static readonly string[] Parts =
            ["'", "\"", "`",
                "\\", "''", "\"\"", "$$", "$a$", "--", "/*", "*/", "/*+", "#", "//", "[", "]", "{", "}", "(", ")", ";", ",", "?", "@p", ":n", "=", " ", "\n", "é", "SELECT", "1", "q'[", Canary, Canary];

        public static Arbitrary<string> Text() =>
            Arb.From(Gen.Elements(Parts).ListOf().Select(static parts => string.Concat(parts) + Canary));
    }

    public static class HostileStatement
    {
        private static readonly string[] Parts =
        [
            "SELECT ", "FROM ", "WHERE ", "a", "\"a\"", "\"b\".", "'x'", "E'", "$$", "$1", "?", "@p", ":n", "=", " ", "\n", ",", "(", ")",
            "{", "}", "[", "]", ";", ".", "1", "--", "/*", "*/",
            "INSERT INTO t ", "VALUES ", "IN ", "SET ", "GET ", "MULTI", "k v", "EVAL ", "db.", "find ", "g.V()", "MATCH ", "| where ",
            "(&(", "a=", "|>", "m{", "\"find\":", "\"query\":", "{\"a\":",
            "POST /a/_search", "a@example.com", "password=", "DO ", "AS ", "COPY ", "STDIN", "FORMAT ", "IDENTIFIED BY ", "[erased]", "`",
            "#", "datetime(", "true",
        ];

        public static Arbitrary<string> Text() => Arb.From(Gen.Elements(Parts).ListOf().Select(static parts => string.Concat(parts)));
    }
}
