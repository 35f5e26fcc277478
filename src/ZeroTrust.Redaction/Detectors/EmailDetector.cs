using System.Buffers;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>An e-mail address with a dotted domain (RFC 5322 section 3.4.1), its at sign also percent-encoded.</summary>
internal readonly struct EmailDetector : IBuiltInDetector
{
    private const string Marker = "[email]";
    private const string Encoded = "%40";
    private const int MaxQuoted = 64;
    private const int MaxDomain = 255;
    private const int ShortestTopLevel = 2;

    private static readonly SearchValues<char> AtSigns = SearchValues.Create("@%");

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        for (var at = from; text[at..].IndexOfAny(AtSigns) is >= 0 and var found; at++)
        {
            at += found;
            if (at == from || !IsLocalEnd(text[at - 1]) || (text[at] == '%' && !text[at..].StartsWith(Encoded, StringComparison.Ordinal)))
            {
                continue;
            }

            // The domain first: only one that is right makes it worth to look back, so no character is looked at twice.
            var domain = at + (text[at] == '@' ? 1 : Encoded.Length);
            var domainLength = DomainLength(text[domain..]);
            if (domainLength > 0 && !text[..at].EndsWith(UrlUserInfoDetector.Marker) && LocalStart(text, from, at) is var start && start < at)
            {
                finding = new(start, domain + domainLength - start, Marker);
                return true;
            }
        }

        finding = default;
        return false;
    }

    private static int LocalStart(ReadOnlySpan<char> text, int from, int at)
    {
        if (at - 1 > from && text[at - 1] == '"')
        {
            var earliest = Math.Max(from, at - 1 - MaxQuoted);
            var quote = text[earliest..(at - 1)].LastIndexOf('"');
            return quote < 0 ? at : earliest + quote;
        }

        var start = at;
        while (start > from && IsLocal(text[start - 1]))
        {
            start--;
        }

        return start;
    }

    private static bool IsLocalEnd(char character) => character == '"' || IsLocal(character);

    private static bool IsLocal(char character) =>
        char.IsLetterOrDigit(character) || char.IsSurrogate(character) || character is '.' or '_' or '%' or '+' or '-' or '\'' or '!' or '#' or '$' or '*' or '~' or '^' or '{' or '}' or '|';

    private static int DomainLength(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && end < MaxDomain && (char.IsLetterOrDigit(text[end]) || text[end] is '.' or '-'))
        {
            end++;
        }

        var domain = text[..end].TrimEnd(".-");
        var dot = domain.LastIndexOf('.');
        return dot > 0 && domain.Length - dot - 1 >= ShortestTopLevel && char.IsLetter(domain[dot + 1]) && !IsPixelRatio(domain) ? domain.Length : 0;
    }

    /// <summary><c>logo@2x.png</c> is a picture.</summary>
    private static bool IsPixelRatio(ReadOnlySpan<char> domain) => char.IsAsciiDigit(domain[0]) && domain[1..].StartsWith("x.", StringComparison.Ordinal);
}
