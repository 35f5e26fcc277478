using System.Buffers;

namespace ZeroTrust.Redaction.Statements;

/// <summary>
/// Replaces the values of a JSON query, as of MongoDB, Elasticsearch or OpenSearch, by <c>?</c>; its keys and its shape stay. One pass over whatever
/// is there, also where it is no right JSON; the result is never longer than the query.
/// </summary>
internal static class JsonLiterals
{
    private const char Quote = '"';
    private static readonly SearchValues<char> Structure = SearchValues.Create("{}[],: \t\r\n");

    public static string Strip(string json)
    {
        var buffer = ArrayPool<char>.Shared.Rent(json.Length);
        try
        {
            var stripped = buffer.AsSpan(0, Strip(json, buffer));
            return stripped.SequenceEqual(json) ? json : new string(stripped);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    private static int Strip(ReadOnlySpan<char> json, Span<char> output)
    {
        var written = 0;
        for (var at = 0; at < json.Length;)
        {
            if (Structure.Contains(json[at]))
            {
                output[written++] = json[at++];
                continue;
            }

            var end = json[at] == Quote ? StringEnd(json, at) : at + LiteralLength(json[at..]);
            var token = json[at..end];
            if (token is [Quote, .., Quote] && IsKey(json[end..]))
            {
                token.CopyTo(output[written..]);
                written += token.Length;
            }
            else if (token is [Quote, _, .., Quote])
            {
                "\"?\"".CopyTo(output[written..]);
                written += 3;
            }
            else
            {
                output[written++] = '?';
            }

            at = end;
        }

        return written;
    }

    private static bool IsKey(ReadOnlySpan<char> rest) => rest.TrimStart(" \t\r\n") is [':', ..];

    private static int LiteralLength(ReadOnlySpan<char> text) => Math.Max(1, text.IndexOfAny(Structure) is >= 0 and var end ? end : text.Length);

    private static int StringEnd(ReadOnlySpan<char> json, int at)
    {
        for (var end = at + 1; end < json.Length; end++)
        {
            if (json[end] == '\\')
            {
                end++;
            }
            else if (json[end] == Quote)
            {
                return end + 1;
            }
        }

        return json.Length;
    }
}
