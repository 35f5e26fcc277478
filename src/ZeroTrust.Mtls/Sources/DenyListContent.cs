using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Sources;

/// <summary>What a deny-list file holds.</summary>
/// <param name="Entries">Who is denied, by the line's meaning.</param>
/// <param name="Faults">What of it cannot be read.</param>
/// <param name="HasEnd">Whether there is an end.</param>
internal sealed record DenyListContent(IReadOnlyDictionary<string, DenyListEntry> Entries, IReadOnlyList<string> Faults, bool HasEnd)
{
    private const int ShownFaults = 5;

    /// <summary>Whether its last line says that this is all of it, and all of it is read.</summary>
    public bool IsWhole => HasEnd && Faults.Count == 0;

    /// <summary>What cannot be read, as one sentence; null for none.</summary>
    public string? Fault => Faults.Count == 0
        ? null
        : string.Join("; ", Faults.Take(ShownFaults)) + (Faults.Count > ShownFaults ? $"; and {Faults.Count - ShownFaults} more lines" : string.Empty);

    public DenyList ToList() => new(
        Entries.Values.Where(entry => entry.Issuer is not null).Select(entry => (entry.Issuer!, entry.Serial)),
        Entries.Values.Select(entry => entry.Leaf).OfType<string>(),
        Entries.Values.Where(entry => !entry.Workload.IsDefault).Select(entry => entry.Workload));
}
