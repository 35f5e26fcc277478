using System.Buffers;
using System.Collections.Frozen;

namespace ZeroTrust.Redaction.Statements;

/// <summary>
/// A request of Elasticsearch or OpenSearch: documents, with or without the method and the path before them. Of the path the ids of
/// documents and users
/// go, of its query the values.
/// </summary>
internal static class SearchRequest
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Methods =
        FrozenSet.Create(StringComparer.Ordinal, "GET", "POST", "PUT", "DELETE", "HEAD", "PATCH").GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Segments of a path behind which an id stands.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> BeforeIds = FrozenSet.Create(
        StringComparer.Ordinal, "_doc", "_create", "_update", "_source", "_explain", "_termvectors", "scroll", "user",
            "api_key").GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<char> PathEnd = SearchValues.Create(" \t\r\n{");

    /// <summary>Whether a text begins with a method and a path.</summary>
    public static bool Applies(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        return MethodLength(text) is > 0 and var method && text[method..].TrimStart() is var path
            && (path is ['/' or '_', ..] || Path(path).Contains("/_", StringComparison.Ordinal));
    }

    public static string Strip(string request)
    {
        if (MethodLength(request) is not (> 0 and var method))
        {
            return DocumentReader.Applies(request)
                ? DocumentReader.Strip(request, 0, StatementLanguage.Elasticsearch)
                : LiteralText.Strip(request, LiteralDialects.Of(StatementLanguage.Spark), keepsComments: false);
        }

        var start = method + request.AsSpan(method).IndexOfAnyExcept(' ', '\t') is var first && first < method ? request.Length : first;
        var end = start + Path(request.AsSpan(start)).Length;
        var writer = new StatementWriter(request);
        StripPath(ref writer, request, start, end);
        var stripped = writer.Finish();
        return DocumentReader.Strip(stripped, stripped.Length - (request.Length - end), StatementLanguage.Elasticsearch);
    }

    private static int MethodLength(ReadOnlySpan<char> text) =>
        text.IndexOf(' ') is > 0 and var length && Methods.Contains(text[..length]) ? length : 0;

    private static ReadOnlySpan<char> Path(ReadOnlySpan<char> text) => text.IndexOfAny(PathEnd) is >= 0 and var end ? text[..end] : text;

    private static void StripPath(ref StatementWriter writer, ReadOnlySpan<char> request, int start, int end)
    {
        var query = request[start..end].IndexOf('?') is >= 0 and var found ? start + found : end;
        var isId = false;
        for (var at = start; at < query;)
        {
            var segmentEnd = request[at..query].IndexOf('/') is >= 0 and var length ? at + length : query;
            if (isId && segmentEnd > at)
            {
                writer.Replace(at, segmentEnd, "*");
            }

            isId = BeforeIds.Contains(request[at..segmentEnd]);
            at = segmentEnd + 1;
        }

        for (var at = query + 1; at < end;)
        {
            var pairEnd = request[at..end].IndexOf('&') is >= 0 and var length ? at + length : end;
            var value = request[at..pairEnd].IndexOf('=') is >= 0 and var sign ? at + sign + 1 : at;
            if (value < pairEnd && request[value..pairEnd] is not "*")
            {
                writer.Replace(value, pairEnd);
            }

            at = pairEnd + 1;
        }
    }
}
