using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace ZeroTrust.AspNetCore.Forwarding;

/// <summary>Tells the headers that carry a client's certificate from all others, in any spelling that a server, proxy or gateway may equate.</summary>
/// <remarks>
/// Whatever is no letter and no digit counts as a hyphen, as CGI and its heirs make one character of them all. Nothing is allocated, and a name
/// without one of the words that mark the families is passed after one look.
/// </remarks>
internal sealed class CertificateHeaders
{
    public const int LongestName = 128;

    private readonly string[] _added;
    private readonly FrozenSet<string> _left;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _leftSpans;

    public CertificateHeaders(IOptions<ListenersOptions> listeners, ListenerDangers? dangers = null)
        : this(listeners.Value.Listeners.Values.SelectMany(static listener => listener.CertificateHeaders), dangers?.CertificateHeaders ?? [])
    {
    }

    /// <param name="added">Names beyond those of the families; a star at the end stands for whatever follows.</param>
    /// <param name="left">Names that code leaves where they are.</param>
    public CertificateHeaders(IEnumerable<string> added, IEnumerable<string> left)
    {
        _added = [.. added.Select(Spell).Distinct(StringComparer.Ordinal)];
        _left = left.Select(Spell).ToFrozenSet(StringComparer.Ordinal);
        _leftSpans = _left.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The name it is known by (a closed set, safe as a metric attribute), or null for a header of no concern.</summary>
    public string? Recognize(string name)
    {
        var isMarked = name.AsSpan().ContainsAny(CertificateHeaderFamilies.Markers);
        if (name.Length == 0 || (!isMarked && _added.Length == 0))
        {
            return null;
        }

        Span<char> buffer = stackalloc char[LongestName];
        var spelled = buffer[..Spell(name.AsSpan(0, Math.Min(name.Length, LongestName)), buffer)];
        var known = Find(spelled) ?? (isMarked && name.Length > LongestName ? CertificateHeaderFamilies.TooLong : null);
        return known is not null && _left.Count > 0 && name.Length <= LongestName && _leftSpans.Contains(spelled) ? null : known;
    }

    /// <summary>A name as the families are spelled; a star at its end stays.</summary>
    public static string Spell(string name)
    {
        Span<char> buffer = stackalloc char[LongestName];
        var hasStar = name.EndsWith('*');
        var length = Spell(name.AsSpan(0, Math.Min(hasStar ? name.Length - 1 : name.Length, LongestName)), buffer);
        return hasStar ? $"{buffer[..length]}*" : buffer[..length].ToString();
    }

    private static int Spell(ReadOnlySpan<char> name, Span<char> target)
    {
        for (var i = 0; i < name.Length; i++)
        {
            target[i] = char.IsAsciiLetterOrDigit(name[i]) ? char.ToLowerInvariant(name[i]) : '-';
        }

        return name.Length;
    }

    private string? Find(ReadOnlySpan<char> spelled)
    {
        Span<char> squeezed = stackalloc char[LongestName];
        var length = 0;
        foreach (var letter in spelled)
        {
            if (letter != '-')
            {
                squeezed[length++] = letter;
            }
        }

        return CertificateHeaderFamilies.Find(spelled, squeezed[..length]) ?? FindAdded(spelled);
    }

    private string? FindAdded(ReadOnlySpan<char> spelled)
    {
        foreach (var name in _added)
        {
            if (CertificateHeaderFamilies.Fits(spelled, name))
            {
                return name;
            }
        }

        return null;
    }
}
