using System.Buffers;
using System.Collections.Frozen;

namespace ZeroTrust.Redaction.Statements;

/// <summary>Tells the language of a statement by its look, where the database beside it does not tell it.</summary>
internal static class StatementLook
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> KustoOperators = Set(
        "where project summarize extend take count join order sort top distinct limit union parse render evaluate "
        + "search project-away project-keep project-rename mv-expand "
        + "make-series lookup as invoke facet sample getschema serialize reduce partition scan");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> KustoBeginnings =
        Set("datatable externaldata cluster database");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> PromAggregations = Set(
        "sum avg min max count topk bottomk quantile stddev stdvar group count_values rate irate increase delta idelta "
        + "histogram_quantile absent avg_over_time sum_over_time "
        + "max_over_time min_over_time count_over_time label_replace clamp_max clamp_min deriv predict_linear changes "
        + "resets time vector scalar sort sort_desc");

    private static readonly SearchValues<char> MetricCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_:");

    public static StatementLanguage LanguageOf(ReadOnlySpan<char> statement)
    {
        var text = statement.Trim();
        return DocumentReader.Applies(text) && !SqlLook.Applies(text) ? OfDocument(text)
            : LdapFilter.Applies(text) ? StatementLanguage.Ldap
            : SearchRequest.Applies(text) ? StatementLanguage.Elasticsearch
            : MongoStatement.Applies(text) ? StatementLanguage.MongoDb
            : IsGremlin(text) ? StatementLanguage.Gremlin
            : IsCypher(text) ? StatementLanguage.Cypher
            : InfluxStatement.IsFlux(text) ? StatementLanguage.Influx
            : IsKusto(text) ? StatementLanguage.Kusto
            : SqlLook.Applies(text) ? StatementLanguage.OtherSql
            : MemcachedReader.Applies(text) ? StatementLanguage.Memcached
            : IsRedis(text) ? StatementLanguage.Redis
            : IsPromQl(text) ? StatementLanguage.PromQl
            : StatementLanguage.Unknown;
    }

    private static StatementLanguage OfDocument(ReadOnlySpan<char> text)
    {
        var rest = text.TrimStart("{[ \t\r\n\"'");
        var key = rest[..LiteralEnds.OfName(rest, 0)];
        return text is ['{', ..] && IsMatcher(rest[key.Length..]) ? StatementLanguage.PromQl
            : DocumentNames.IsMongoVerb(key) && key is not ("update" or "delete" or "create") ? StatementLanguage.MongoDb
            : key is "TableName" or "RequestItems" or "TransactItems" ? StatementLanguage.DynamoDb
            : key is "query" && rest[key.Length..].TrimStart("\" \t\r\n:").StartsWith("SELECT ", StringComparison.OrdinalIgnoreCase)
            ? StatementLanguage.Cosmos
            : StatementLanguage.Document;
    }

    private static bool IsGremlin(ReadOnlySpan<char> text) =>
        text.StartsWith("g.", StringComparison.Ordinal) && LiteralEnds.OfName(text, 2) is > 2 and var end && text[end..] is ['(', ..];

    private static bool IsCypher(ReadOnlySpan<char> text)
    {
        var verb = Word(text);
        var rest = text[verb.Length..].TrimStart();
        return verb.Equals("MATCH", StringComparison.OrdinalIgnoreCase) || verb.Equals("UNWIND", StringComparison.OrdinalIgnoreCase)
            || verb.Equals("OPTIONAL", StringComparison.OrdinalIgnoreCase) || verb.Equals("FOREACH", StringComparison.OrdinalIgnoreCase)
            || ((verb.Equals("MERGE", StringComparison.OrdinalIgnoreCase) || verb.Equals("CREATE", StringComparison.OrdinalIgnoreCase))
            && rest is ['(', ..])
            || (verb.Equals("CALL", StringComparison.OrdinalIgnoreCase) && rest is ['{', ..])
            || ((verb.Equals("EXPLAIN", StringComparison.OrdinalIgnoreCase)
            || verb.Equals("PROFILE", StringComparison.OrdinalIgnoreCase)) && IsCypher(rest));
    }

    /// <summary>Whether an operator follows the first bar, or the text begins as a source of rows does.</summary>
    private static bool IsKusto(ReadOnlySpan<char> text)
    {
        var first = Word(text);
        if ((KustoBeginnings.Contains(first) && text[first.Length..] is ['(', ..]) || (first is "let" && text[first.Length..] is [' ', ..]))
        {
            return true;
        }

        var bar = text.IndexOf('|');
        if (bar <= 0 || first.IsEmpty || text[..bar].IndexOfAny('\'', '"') >= 0)
        {
            return false;
        }

        var rest = text[(bar + 1)..].TrimStart();
        var end = LiteralEnds.OfName(rest, 0);
        return KustoOperators.Contains(rest[..(end < rest.Length && rest[end] == '-' ? LiteralEnds.OfName(rest, end + 1) : end)]);
    }

    /// <summary>
    /// Whether a known command begins it. What begins with <c>SELECT</c> and is no SQL is of a language that is not known.
    /// </summary>
    private static bool IsRedis(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(" \t\r\n");
        var verb = end < 0 ? text : text[..end];
        return RedisCommands.TryGetShape(verb, out _) && !verb.Equals("SELECT", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A metric with labels or a range, or a function over such.</summary>
    private static bool IsPromQl(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExcept(MetricCharacters);
        return end > 0 && text[end..] switch
        {
            ['{', .. var labels] => IsLabels(labels),
            ['[', var unit, ..] => char.IsAsciiDigit(unit) || unit == '?',
            ['(', ..] or [' ', 'b', 'y', ' ', '(', ..] or [' ', '(', ..] => PromAggregations.Contains(text[..end]),
            _ => false,
        };
    }

    private static bool IsLabels(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        var label = Word(text);
        return text is ['}', ..] || (label.Length > 0 && IsMatcher(text[label.Length..]));
    }

    private static bool IsMatcher(ReadOnlySpan<char> text) => text.TrimStart() is ['=' or '!', ..];

    private static ReadOnlySpan<char> Word(ReadOnlySpan<char> text) => text[..LiteralEnds.OfName(text, 0)];

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Set(string words) =>
        words.Split(' ').ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
}
