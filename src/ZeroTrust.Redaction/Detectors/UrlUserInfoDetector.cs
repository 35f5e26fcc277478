using System.Buffers;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>The user name and password in front of a URL's host (RFC 3986 section 3.2.1).</summary>
internal readonly struct UrlUserInfoDetector : IBuiltInDetector
{
    public const string Marker = "REDACTED:REDACTED";
    private const string Separator = "://";
    private const int MaxScheme = 32;
    private static readonly SearchValues<char> AuthorityEnd = SearchValues.Create("/?#\\\"<> \t\r\n");

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        for (var start = from; text[start..].IndexOf(Separator, StringComparison.Ordinal) is >= 0 and var found;)
        {
            var scheme = start + found;
            start = scheme + Separator.Length;
            var authority = Authority(text, scheme);
            var length = authority.LastIndexOf('@');
            if (length > 0 && !authority[..length].SequenceEqual(Marker))
            {
                finding = new(start, length, Marker);
                return true;
            }
        }

        finding = default;
        return false;
    }

    private static ReadOnlySpan<char> Authority(ReadOnlySpan<char> text, int scheme)
    {
        var authority = text[(scheme + Separator.Length)..];
        var end = authority.IndexOfAny(AuthorityEnd);
        authority = end < 0 ? authority : authority[..end];

        // An apostrophe is allowed in a password, but the one that opened the URL closes it.
        var before = scheme - Characters.RunBack(text[..scheme], Characters.Dotted, MaxScheme) - 1;
        var closing = before >= 0 && text[before] == '\'' ? authority.IndexOf('\'') : -1;
        return closing < 0 ? authority : authority[..closing];
    }
}
