using System.Buffers;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>
/// An e-mail address (RFC 5322 section 3.4.1) below a top-level domain there is, its at sign also encoded. A login such as
/// <c>git@host:path</c> is none.
/// </summary>
internal readonly struct EmailDetector : IBuiltInDetector
{
    private const string Marker = "[email]";
    private const int MaxQuoted = 64;

    private static readonly SearchValues<char> Signs = SearchValues.Create("._%+-'!#$*~^{}|");

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        for (var at = from; AtSign.Next(text[at..]) is >= 0 and var found; at++)
        {
            at += found;
            if (at == from || !IsLocalEnd(text[at - 1]) || AtSign.LengthAt(text[at..]) is not (> 0 and var sign))
            {
                continue;
            }

            // The domain first: only one that is right makes it worth to look back, so no character is looked at twice.
            var domain = at + sign;
            var length = MailDomain.LengthAt(text[domain..]);
            if (length > 0
                && !text[..at].EndsWith(Text.UrlReader.UserMarker)
                && LocalStart(text, from, at) is var start && start < at
                && !IsRepository(text[start..at], text[(domain + length)..]))
            {
                finding = new(start, domain + length - start, Marker);
                return true;
            }
        }

        finding = default;
        return false;
    }

    private static int LocalStart(ReadOnlySpan<char> text, int from, int at)
    {
        if (text[at - 1] == '"')
        {
            return QuotedStart(text, from, at);
        }

        var start = at;
        while (start > from && IsLocal(text[start - 1]))
        {
            start--;
        }

        return start;
    }

    /// <summary>
    /// Where the quoted name begins, with the backslashes of a text in a text; the at sign itself where a quote closes something else.
    /// </summary>
    private static int QuotedStart(ReadOnlySpan<char> text, int from, int at)
    {
        var closing = at - 1;
        while (closing > from && text[closing - 1] == '\\')
        {
            closing--;
        }

        var earliest = Math.Max(from, closing - MaxQuoted);
        var quote = earliest + text[earliest..closing].LastIndexOf('"');
        if (quote < earliest || quote + 1 == closing)
        {
            return at;
        }

        while (quote > from && text[quote - 1] == '\\')
        {
            quote--;
        }

        return quote == 0 || !char.IsLetterOrDigit(text[quote - 1]) ? quote : at;
    }

    private static bool IsLocalEnd(char character) => character == '"' || IsLocal(character);

    private static bool IsLocal(char character) =>
        char.IsLetterOrDigit(character) || char.IsSurrogate(character) || Signs.Contains(character);

    /// <summary>The account of a server of repositories, with a path behind it.</summary>
    private static bool IsRepository(ReadOnlySpan<char> local, ReadOnlySpan<char> rest) =>
        local is "git" or "hg" or "svn" or "gitlab" or "gitea" && rest is [':' or '/', ..];
}
