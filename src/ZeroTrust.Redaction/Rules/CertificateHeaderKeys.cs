using ZeroTrust.Shared;

namespace ZeroTrust.Redaction.Rules;

/// <summary>Tells the keys of headers that carry a client's certificate or what it says, by the families that listeners strip.</summary>
internal static class CertificateHeaderKeys
{
    // The longest first, so that the name is what is left.
    private static readonly string[] Prefixes = [.. DefaultRules.HeaderPrefixes.OrderByDescending(static prefix => prefix.Length)];

    /// <summary>Where the name of such a header begins in the key; null where it is none.</summary>
    /// <remarks>A name without what says that it is a header is one by its family alone: by its shape it could be anything.</remarks>
    public static int? BeginOf(ReadOnlySpan<char> key)
    {
        if (!key.ContainsAny(CertificateHeaderFamilies.Markers))
        {
            return null;
        }

        foreach (var prefix in Prefixes)
        {
            if (key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return IsOne(key[prefix.Length..], prefix.Length > 0) ? prefix.Length : null;
            }
        }

        return null;
    }

    private static bool IsOne(ReadOnlySpan<char> name, bool isHeader)
    {
        Span<char> buffer = stackalloc char[HeaderSpelling.Longest];
        Span<char> squeezed = stackalloc char[HeaderSpelling.Longest];
        var spelled = buffer[..HeaderSpelling.Spell(name[..Math.Min(name.Length, HeaderSpelling.Longest)], buffer)];
        if (!isHeader)
        {
            return CertificateHeaderFamilies.FindFamily(spelled) is not null;
        }

        var length = HeaderSpelling.Squeeze(spelled, squeezed);
        return name.Length > HeaderSpelling.Longest || CertificateHeaderFamilies.Find(spelled, squeezed[..length]) is not null;
    }
}
