using System.Runtime.InteropServices;

namespace ZeroTrust.X509.Internal;

/// <summary>The entries of a CRL, sorted. Reading makes no object for an entry, and finding one makes none at all.</summary>
internal sealed class CrlEntries(ReadOnlyMemory<byte> der, CrlEntry[] entries, Dictionary<DistinguishedName, int> issuers)
{
    public int Count => entries.Length;

    /// <summary>Whether an entry names the issuer of its certificate, which belongs in indirect CRLs only.</summary>
    public bool NameIssuers { get; init; }

    /// <summary>Whether an entry takes back an earlier one, which belongs in delta CRLs only.</summary>
    public bool HoldRemovals { get; init; }

    /// <summary>Why the CRL cannot be used; null when the entries are sound.</summary>
    public string? Defect { get; init; }

    public RevokedEntry? Find(DistinguishedName issuer, ReadOnlySpan<byte> serial)
    {
        if (serial.Length > ushort.MaxValue || !issuers.TryGetValue(issuer, out var index))
        {
            return null;
        }

        var order = new CrlEntryOrder(der);
        var (low, high) = (0, entries.Length);
        while (low < high)
        {
            var middle = (int)(((uint)low + (uint)high) / 2);
            if (order.Compare(entries[middle], index, serial) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < entries.Length && order.Compare(entries[low], index, serial) == 0 ? Describe(entries[low]) : null;
    }

    /// <summary>The table of what a <see cref="CrlEntryReader"/> collected.</summary>
    public static CrlEntry[] Sort(ReadOnlyMemory<byte> der, List<CrlEntry> entries)
    {
        CollectionsMarshal.AsSpan(entries).Sort(new CrlEntryOrder(der));
        return [.. entries];
    }

    private RevokedEntry Describe(CrlEntry entry)
    {
        var date = new DerReader(der[(entry.Offset + entry.Length)..]);
        return new RevokedEntry(entry.Reason, date.ReadTime());
    }
}
