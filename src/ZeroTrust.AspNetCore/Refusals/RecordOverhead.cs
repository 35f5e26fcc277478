namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>
/// How much of what a refused peer has sent was not content: 22 bytes for each record of TLS (RFC 8446 section 5.2), and what is taken
/// ahead, of at most 32 KB.
/// </summary>
/// <param name="wire">What TLS takes; null for a connection of which that is not known, and not bounded.</param>
/// <param name="most">How many bytes are allowed.</param>
internal sealed class RecordOverhead(CountedInput? wire, int most)
{
    private readonly long _before = wire?.Taken ?? 0;
    private long _content;

    /// <summary>Whether it is more than is allowed.</summary>
    public bool IsExceeded => (wire?.Taken ?? 0) - _before - _content > most;

    /// <summary>Counts content.</summary>
    public void Add(int length) => _content += length;
}
