using System.Buffers;

namespace ZeroTrust.X509.Internal;

/// <summary>DNS names as certificates spell them: the preferred name syntax of RFC 1034 section 3.5, in ASCII.</summary>
internal static class DnsNames
{
    private const int MaxLength = 253;
    private const int MaxLabel = 63;

    /// <summary>With a dot at the end.</summary>
    private const int MaxNameLength = 254;

    private static readonly SearchValues<char> LetterDigitHyphen =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>The characters that zone files and issuers put into names which are no host names.</summary>
    private static readonly SearchValues<char> Harmless =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.*");

    /// <summary>Whether the text can be a name of the DNS, though not one of a host (RFC 2181 section 11).</summary>
    public static bool IsHarmless(ReadOnlySpan<char> name) => name.Length is > 0 and <= MaxNameLength && !name.ContainsAnyExcept(Harmless);

    /// <summary>A host name: no underscore, no trailing dot, no wildcard, and not an address, since the last label is not a number.</summary>
    public static bool IsHostName(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > MaxLength)
        {
            return false;
        }

        var last = ReadOnlySpan<char>.Empty;
        foreach (var range in name.Split('.'))
        {
            last = name[range];
            if (last.IsEmpty || last.Length > MaxLabel || last[0] == '-' || last[^1] == '-' || last.ContainsAnyExcept(LetterDigitHyphen))
            {
                return false;
            }
        }

        return last.ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>Splits <c>*.example.com</c>; the wildcard is the whole left-most label or it is none (RFC 9525 section 6.3).</summary>
    public static bool TryReadWildcard(ReadOnlySpan<char> name, out ReadOnlySpan<char> domain)
    {
        domain = name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : default;
        return IsHostName(domain);
    }

    /// <summary>Whether the name is the domain or lies below it (RFC 5280 section 4.2.1.10). The empty domain holds every name.</summary>
    public static bool IsWithin(ReadOnlySpan<char> name, ReadOnlySpan<char> domain) =>
        domain.IsEmpty
        || (name.EndsWith(domain, StringComparison.OrdinalIgnoreCase)
            && (name.Length == domain.Length || name[^(domain.Length + 1)] == '.'));

    /// <summary>Whether the name is one label below the domain.</summary>
    public static bool IsDirectlyBelow(ReadOnlySpan<char> name, ReadOnlySpan<char> domain) =>
        name.Length > domain.Length && IsWithin(name, domain) && !name[..^(domain.Length + 1)].Contains('.');
}
