using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Forwarding;

/// <summary>
/// Tells the headers that carry a client's certificate from all others, in any spelling that a server, proxy or gateway may equate.
/// </summary>
/// <remarks>
/// Whatever is no letter and no digit counts as a hyphen, as CGI and its heirs make one character of them all. Nothing is allocated, and
/// a name without one of the words that mark the families is passed after one look.
/// </remarks>
internal sealed class CertificateHeaders
{
    private readonly string[] _added;
    private readonly FrozenSet<string> _left;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _leftSpans;

    public CertificateHeaders(IOptions<ListenersOptions> listeners, ListenerDangers? dangers = null)
        : this(
            listeners.Value.Listeners.Values.SelectMany(static listener => listener.CertificateHeaders), dangers?.CertificateHeaders ?? [])
    {
    }

    /// <param name="added">Names beyond those of the families; a star at the end stands for whatever follows.</param>
    /// <param name="left">Names that code leaves where they are.</param>
    public CertificateHeaders(IEnumerable<string> added, IEnumerable<string> left)
    {
        _added = [.. added.Select(HeaderSpelling.Of).Distinct(StringComparer.Ordinal)];
        _left = left.Select(HeaderSpelling.Of).ToFrozenSet(StringComparer.Ordinal);
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

        Span<char> buffer = stackalloc char[HeaderSpelling.Longest];
        var spelled = buffer[..HeaderSpelling.Spell(name.AsSpan(0, Math.Min(name.Length, HeaderSpelling.Longest)), buffer)];
        var known = Find(spelled) ?? (isMarked && name.Length > HeaderSpelling.Longest ? CertificateHeaderFamilies.TooLong : null);
        return known is not null && _left.Count > 0 && name.Length <= HeaderSpelling.Longest && _leftSpans.Contains(spelled) ? null : known;
    }

    private string? Find(ReadOnlySpan<char> spelled)
    {
        Span<char> squeezed = stackalloc char[HeaderSpelling.Longest];
        return CertificateHeaderFamilies.Find(spelled, squeezed[..HeaderSpelling.Squeeze(spelled, squeezed)]) ?? FindAdded(spelled);
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
