using ZeroTrust.Redaction.Domains;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>The domain of an e-mail address: dotted labels, of which the last is a top-level domain.</summary>
internal static class MailDomain
{
    private const int MaxLength = 255;
    private const int ShortestTopLevel = 2;

    /// <summary>The length of the domain the text begins with; 0 where it is none.</summary>
    public static int LengthAt(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && end < MaxLength && (char.IsLetterOrDigit(text[end]) || text[end] is '.' or '-'))
        {
            end++;
        }

        var domain = text[..end].TrimEnd(".-");
        var dot = domain.LastIndexOf('.');
        if (dot <= 0 || IsPixelRatioOrVersion(domain))
        {
            return 0;
        }

        return IsTopLevel(domain[(dot + 1)..]) ? domain.Length : LengthWithout(domain, dot);
    }

    /// <summary>What runs into an address behind a dot is not of it: <c>a@example.com.Then</c>, <c>a@example.com.json</c>.</summary>
    private static int LengthWithout(ReadOnlySpan<char> domain, int end)
    {
        domain = domain[..end];
        var dot = domain.LastIndexOf('.');
        return dot > 0 && domain[(dot + 1)..] is "com" or "org" or "net" or "edu" or "gov" ? domain.Length : 0;
    }

    /// <summary>Also those of examples (RFC 2606 section 2): whoever tries what is found tries with them.</summary>
    private static bool IsTopLevel(ReadOnlySpan<char> label) =>
        label.Length >= ShortestTopLevel && (TopLevelDomains.Contains(label) || label.Equals("example", StringComparison.OrdinalIgnoreCase)
            || label.Equals("test", StringComparison.OrdinalIgnoreCase) || label.Equals("invalid", StringComparison.OrdinalIgnoreCase));

    /// <summary><c>logo@2x.png</c> is a picture, <c>parser@1.2.3-beta.dev</c> a package.</summary>
    private static bool IsPixelRatioOrVersion(ReadOnlySpan<char> domain)
    {
        var major = Characters.Run(domain, Characters.Decimal);
        var rest = domain[major..];
        return major > 0
            && (rest.StartsWith("x.", StringComparison.Ordinal) || (rest.Length > 1 && rest[0] == '.' && char.IsAsciiDigit(rest[1])));
    }
}
