using System.Collections.Frozen;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls;

/// <summary>The workloads that may connect. Immutable, never empty; there is no list that admits anyone.</summary>
public sealed class PeerAllowList
{
    private readonly FrozenSet<WorkloadId> _workloads;

    /// <summary>Creates a list.</summary>
    /// <param name="workloads">The workloads.</param>
    /// <exception cref="ArgumentException">The list is empty or holds a <c>default</c>.</exception>
    public PeerAllowList(params IEnumerable<WorkloadId> workloads)
    {
        ArgumentNullException.ThrowIfNull(workloads);
        _workloads = workloads.ToFrozenSet();
        if (_workloads.Count == 0 || _workloads.Contains(default))
        {
            throw new ArgumentException("A list of peers names at least one workload, and only workloads.", nameof(workloads));
        }
    }

    /// <summary>The workloads on the list.</summary>
    public IReadOnlyCollection<WorkloadId> Workloads => _workloads;

    /// <summary>Checks a proved peer against the list.</summary>
    /// <param name="peer">The peer.</param>
    /// <returns>The peer, or <c>mtls.no_workload_id</c> or <c>mtls.peer_not_listed</c>.</returns>
    public Verdict<VerifiedPeer> Check(VerifiedPeer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        if (peer.Workload is not { IsDefault: false } workload)
        {
            return MtlsRejections.Refuse(MtlsRejectionReason.NoWorkloadId, "The peer's certificate names no workload.");
        }

        return _workloads.Contains(workload)
            ? peer
            : MtlsRejections.Refuse(MtlsRejectionReason.PeerNotListed, "The workload is not on the list of peers.", presented: workload.ToString());
    }
}
