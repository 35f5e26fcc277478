using System.Buffers;
using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Statements;

/// <summary>
/// Replaces the segments of a URL or a path that are ids by <c>*</c>, so that what is left is its route; query and fragment go. A segment with a
/// digit is one, but for a version such as <c>v2</c>. The result is never longer than the URL.
/// </summary>
internal static class UrlIds
{
    private const string Separator = "://";
    private static readonly SearchValues<char> PathEnd = SearchValues.Create("?#");

    public static string Strip(string url)
    {
        var end = url.AsSpan().IndexOfAny(PathEnd);
        var path = end < 0 ? url : url[..end];
        var scheme = path.IndexOf(Separator, StringComparison.Ordinal);
        var start = scheme < 0 ? 0 : path.IndexOf('/', scheme + Separator.Length);
        if (start < 0)
        {
            return path;
        }

        var segments = path[start..].Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            segments[i] = IsId(segments[i]) ? "*" : segments[i];
        }

        var stripped = string.Concat(path.AsSpan(0, start), string.Join('/', segments));
        return stripped == url ? url : stripped;
    }

    private static bool IsId(ReadOnlySpan<char> segment) =>
        segment.ContainsAny(Characters.Decimal) && !(segment is ['v' or 'V', _, ..] && segment.Length <= 3 && !segment[1..].ContainsAnyExcept(Characters.Decimal));
}
