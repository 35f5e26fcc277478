using System.Buffers;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>The user name and password in front of a URL's host (RFC 3986 section 3.2.1).</summary>
internal sealed class UrlUserInfoDetector : ITextDetector
{
    private const string Separator = "://";
    private static readonly SearchValues<char> AuthorityEnd = SearchValues.Create("/?#\\\"<> \t\r\n");

    public static string Marker => "REDACTED:REDACTED";

    public static bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int length)
    {
        length = 0;
        for (start = from; text[start..].IndexOf(Separator, StringComparison.Ordinal) is >= 0 and var found;)
        {
            start += found + Separator.Length;
            var authority = text[start..];
            var end = authority.IndexOfAny(AuthorityEnd);
            length = (end < 0 ? authority : authority[..end]).LastIndexOf('@');
            if (length > 0 && !authority[..length].SequenceEqual(Marker))
            {
                return true;
            }
        }

        return false;
    }
}
