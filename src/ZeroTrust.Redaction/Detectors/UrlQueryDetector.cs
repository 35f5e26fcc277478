using System.Buffers;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>The query and fragment of a URL, or of a path that stands as a word of its own. The path stays, as in the platform's own <c>url.full</c>.</summary>
internal readonly struct UrlQueryDetector : IBuiltInDetector
{
    private const string Marker = "*";
    private const string Separator = "://";
    private static readonly SearchValues<char> WordEnd = SearchValues.Create("\"<> \t\r\n");

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        finding = default;
        if (text[from..].IndexOfAny('?', '#') < 0)
        {
            return false;
        }

        for (var start = from; start < text.Length;)
        {
            var word = text[start..];
            var end = word.IndexOfAny(WordEnd);
            word = end < 0 ? word : word[..end];
            if (QueryOf(word) is > 0 and var query && query < word.Length && !word[query..].SequenceEqual(Marker))
            {
                finding = new(start + query, word.Length - query, Marker);
                return true;
            }

            start += word.Length + 1;
        }

        return false;
    }

    /// <summary>Where the query begins, behind its question mark; 0 when there is none.</summary>
    private static int QueryOf(ReadOnlySpan<char> word)
    {
        var separator = word.IndexOf(Separator, StringComparison.Ordinal);
        if (separator >= 0)
        {
            var host = separator + Separator.Length;
            return word[host..].IndexOfAny('?', '#') is >= 0 and var mark ? host + mark + 1 : 0;
        }

        return word.StartsWith('/') ? word.IndexOf('?') + 1 : 0;
    }
}
