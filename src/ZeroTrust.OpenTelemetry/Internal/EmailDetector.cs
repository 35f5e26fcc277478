using System.Buffers;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>An e-mail address with a dotted domain (RFC 5322 section 3.4.1, unquoted), its at sign also percent-encoded.</summary>
internal sealed class EmailDetector : ITextDetector
{
    private const string Encoded = "%40";
    private const int MaxLocal = 64;
    private const int MaxDomain = 255;
    private const int ShortestTopLevel = 2;

    private static readonly SearchValues<char> AtSigns = SearchValues.Create("@%");

    public static string Marker => "[email]";

    public static bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int length)
    {
        (start, length) = (0, 0);
        for (var at = from; text[at..].IndexOfAny(AtSigns) is >= 0 and var found; at++)
        {
            at += found;
            if (text[at] == '%' && !text[at..].StartsWith(Encoded, StringComparison.Ordinal))
            {
                continue;
            }

            start = at;
            while (start > from && at - start < MaxLocal && IsLocal(text[start - 1]))
            {
                start--;
            }

            var domain = at + (text[at] == '@' ? 1 : Encoded.Length);
            var domainLength = DomainLength(text[domain..]);
            if (start < at && domainLength > 0 && !text[..at].EndsWith(UrlUserInfoDetector.Marker))
            {
                length = domain + domainLength - start;
                return true;
            }
        }

        return false;
    }

    private static bool IsLocal(char character) => char.IsLetterOrDigit(character) || character is '.' or '_' or '%' or '+' or '-' or '\'' or '!' or '#' or '$' or '*' or '~';

    private static int DomainLength(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && end < MaxDomain && (char.IsLetterOrDigit(text[end]) || text[end] is '.' or '-'))
        {
            end++;
        }

        var domain = text[..end].TrimEnd(".-");
        var dot = domain.LastIndexOf('.');
        return dot > 0 && domain.Length - dot - 1 >= ShortestTopLevel && char.IsLetter(domain[dot + 1]) ? domain.Length : 0;
    }
}
