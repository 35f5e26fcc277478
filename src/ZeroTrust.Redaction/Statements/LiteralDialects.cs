using System.Collections.Frozen;

namespace ZeroTrust.Redaction.Statements;

/// <summary>The dialects of the languages that are read word by word.</summary>
internal static class LiteralDialects
{
    private static readonly LiteralDialect Standard =
        new() { Nesting = CommentNesting.Unsure, HasHints = true, Prefixes = Words("n", "x", "b", "g", "gx", "ux", "bx", "u&") };

    private static readonly LiteralDialect BackslashSql = new()
    {
        DoubleQuotes = QuoteMeaning.Literal,
        Escapes = EscapeRule.Backslash,
        HasHints = true,
        Prefixes = Words("n", "x", "b", "r", "rb", "br"),
    };

    private static readonly LiteralDialect Script = new()
    {
        DoubleQuotes = QuoteMeaning.Literal,
        Backticks = QuoteMeaning.Literal,
        Escapes = EscapeRule.Backslash,
        HasDashComments = false,
        HasSlashComments = true,
        HasColonParameters = false,
        HasQuotedMembers = true,
        IsSql = false,
    };

    private static readonly FrozenDictionary<StatementLanguage, LiteralDialect> Dialects = new Dictionary<StatementLanguage, LiteralDialect>
    {
        [StatementLanguage.StandardSql] = Standard,
        [StatementLanguage.OtherSql] = Standard with
        {
            DoubleQuotes = QuoteMeaning.Guessed,
            HasBracketedNames = true,
            Escapes = EscapeRule.Unsure,
            Dollars = DollarQuotes.Tagged,
            Hash = HashMeaning.Guessed,
            HasSlashComments = true,
            Prefixes = Words("n", "x", "b", "g", "gx", "ux", "bx", "u&", "e", "r", "rb", "br", "q", "nq"),
            EscapingPrefixes = Words("e"),
            HasDelimitedStrings = true,
        },
        [StatementLanguage.PostgreSql] = Standard with
        {
            Nesting = CommentNesting.Nested,
            Dollars = DollarQuotes.Tagged,
            Prefixes = Words("n", "x", "b", "e", "u&"),
            EscapingPrefixes = Words("e"),
        },
        [StatementLanguage.MySql] = BackslashSql with { Hash = HashMeaning.Comment, RunsComments = true, Prefixes = Words("n", "x", "b") },
        [StatementLanguage.SqlServer] =
            Standard with { HasBracketedNames = true, Nesting = CommentNesting.Nested, HasHints = false, Prefixes = Words("n") },
        [StatementLanguage.Oracle] =
            Standard with { Nesting = CommentNesting.Flat, HasDelimitedStrings = true, Prefixes = Words("n", "q", "nq", "u") },
        [StatementLanguage.Sqlite] = Standard with
        {
            DoubleQuotes = QuoteMeaning.NameUnlessValue,
            HasBracketedNames = true,
            Nesting = CommentNesting.Flat,
            HasHints = false,
            Prefixes = Words("x"),
        },
        [StatementLanguage.BigQuery] =
            BackslashSql with { Hash = HashMeaning.Comment, HasTripleQuotes = true, HasHints = false, HasColonParameters = false },
        [StatementLanguage.Spark] = BackslashSql with { Prefixes = Words("x", "r"), UnsurePrefixes = Words("r") },
        [StatementLanguage.Snowflake] = Standard with
        {
            Escapes = EscapeRule.Backslash,
            Dollars = DollarQuotes.Plain,
            HasSlashComments = true,
            Nesting = CommentNesting.Flat,
            HasHints = false,
            Prefixes = Words("x"),
        },
        [StatementLanguage.Cassandra] =
            Standard with { Dollars = DollarQuotes.Plain, HasSlashComments = true, Nesting = CommentNesting.Flat, HasHints = false },
        [StatementLanguage.ClickHouse] = Standard with
        {
            Escapes = EscapeRule.Backslash,
            Dollars = DollarQuotes.Tagged,
            Hash = HashMeaning.Comment,
            Nesting = CommentNesting.Nested,
            HasHints = false,
        },
        [StatementLanguage.Soql] = BackslashSql with { HasSlashComments = true, HasHints = false },
        [StatementLanguage.Couchbase] = BackslashSql with { HasQuotedMembers = true, HasColonParameters = false },
        [StatementLanguage.Cosmos] = BackslashSql with { HasQuotedMembers = true, HasColonParameters = false, HasHints = false },
        [StatementLanguage.DynamoDb] =
            Standard with { Backticks = QuoteMeaning.Literal, HasQuotedMembers = true, HasColonParameters = false, HasHints = false },
        [StatementLanguage.Influx] =
            Standard with { Escapes = EscapeRule.Backslash, HasRegexes = true, HasHints = false, HasColonParameters = false },
        [StatementLanguage.Cypher] = Script with { Backticks = QuoteMeaning.Name, HasQuotedMembers = false },
        [StatementLanguage.Gremlin] = Script with { HasTripleQuotes = true },
        [StatementLanguage.Kusto] = Script with
        {
            HasVerbatimStrings = true,
            HasQuotedMembers = false,
            Prefixes = Words("h"),
            TypedLiterals = Words("datetime", "date", "timespan", "time", "guid", "long", "int", "real", "double", "decimal"),
        },
        [StatementLanguage.PromQl] = Script with { Hash = HashMeaning.Comment, HasSlashComments = false, HasQuotedMembers = false },
        [StatementLanguage.MongoDb] = Script with { HasRegexes = true, NamingFunctions = Words("getCollection", "getSiblingDB") },
        [StatementLanguage.Script] = Script with { Hash = HashMeaning.Comment, HasQuotedMembers = false, HasRegexes = true },
    }.ToFrozenDictionary();

    /// <summary>Flux, the other language of InfluxDB.</summary>
    public static LiteralDialect Flux { get; } = Script with { HasRegexes = true, HasQuotedMembers = false };

    /// <summary>The dialect of a language that is read word by word.</summary>
    public static LiteralDialect Of(StatementLanguage language) => Dialects[language];

    private static FrozenSet<string> Words(params string[] words) => words.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
