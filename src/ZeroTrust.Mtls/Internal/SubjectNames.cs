using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Internal;

/// <summary>The DNS and URI names of a leaf, and the workload they make. The common name is not read.</summary>
internal sealed class SubjectNames
{
    private const string SpiffeScheme = "spiffe:";

    public SubjectNames(Certificate leaf)
    {
        DnsNames = leaf.DnsNames;
        UriNames = leaf.UriNames;
        HasSpiffeName = UriNames.Any(uri => uri.StartsWith(SpiffeScheme, StringComparison.OrdinalIgnoreCase));
        if (UriNames.Count == 1 && ZeroTrust.SpiffeId.TryParse(UriNames[0], out var id) && id.Path.Length > 0)
        {
            SpiffeId = id;
            Workload = WorkloadId.FromSpiffeId(id);
        }
        else if (!HasSpiffeName && DnsNames.Count == 1 && WorkloadId.TryParse("dns:" + DnsNames[0].ToLowerInvariant(), out var dns))
        {
            Workload = dns;
        }
    }

    public IReadOnlyList<string> DnsNames { get; }

    public IReadOnlyList<string> UriNames { get; }

    /// <summary>Whether any URI name claims to be a SPIFFE ID, well formed or not.</summary>
    public bool HasSpiffeName { get; }

    public SpiffeId? SpiffeId { get; }

    public WorkloadId? Workload { get; }
}
