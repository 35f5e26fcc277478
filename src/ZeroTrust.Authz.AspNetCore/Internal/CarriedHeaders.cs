using ZeroTrust.AspNetCore;

namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>The values of three headers that belong together, kept aside for who may read them.</summary>
/// <param name="names">Their canonical names.</param>
/// <param name="mayCarry">Whether the sender may send them at all.</param>
internal sealed class CarriedHeaders(string[] names, bool mayCarry)
{
    private readonly List<string?>[] _exact = [[], [], []];
    private readonly List<string?>[] _misspelled = [[], [], []];

    public bool IsEmpty => _exact is [[], [], []];

    /// <summary>Keeps what is one of them. A value in another spelling is noted, and is no value of its own.</summary>
    /// <returns>Whether the header is theirs, under its own name.</returns>
    public bool Keep(InboundHeader header)
    {
        var slot = mayCarry ? Array.IndexOf(names, header.Name) : -1;
        if (slot < 0)
        {
            return false;
        }

        // A proxy joins repeated headers with commas, and none of the values may contain one.
        (header.IsExact ? _exact : _misspelled)[slot].AddRange(header.Values.SelectMany(value => (value ?? string.Empty).Split(',')));
        return header.IsExact;
    }

    /// <summary>The values of one. A second spelling beside the first is a second value: which of the two a reader would pick is not left to chance.</summary>
    public List<string?> Of(int slot) => _exact[slot].Count > 0 ? [.. _exact[slot], .. _misspelled[slot]] : _exact[slot];
}
