namespace ZeroTrust.Shared;

/// <summary>
/// Names of headers in the one spelling of all that a server, proxy or gateway may equate: small letters, digits, and hyphens.
/// </summary>
internal static class HeaderSpelling
{
    public const int Longest = 128;

    /// <summary>A name so spelled; a star at its end stays.</summary>
    public static string Of(string name)
    {
        Span<char> buffer = stackalloc char[Longest];
        var hasStar = name.EndsWith('*');
        var length = Spell(name.AsSpan(0, Math.Min(hasStar ? name.Length - 1 : name.Length, Longest)), buffer);
        return hasStar ? $"{buffer[..length]}*" : buffer[..length].ToString();
    }

    /// <returns>The length, which is that of the name.</returns>
    public static int Spell(ReadOnlySpan<char> name, Span<char> target)
    {
        for (var i = 0; i < name.Length; i++)
        {
            target[i] = char.IsAsciiLetterOrDigit(name[i]) ? char.ToLowerInvariant(name[i]) : '-';
        }

        return name.Length;
    }

    /// <summary>Leaves the hyphens out.</summary>
    /// <returns>The length that is left.</returns>
    public static int Squeeze(ReadOnlySpan<char> spelled, Span<char> target)
    {
        var length = 0;
        foreach (var letter in spelled)
        {
            if (letter != '-')
            {
                target[length++] = letter;
            }
        }

        return length;
    }
}
