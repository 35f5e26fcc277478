namespace ZeroTrust.Mtls.Internal;

/// <summary>The one server a client is bound to: its name, and how connections to it differ from others.</summary>
/// <param name="workload">The workload the server has to prove.</param>
internal sealed class ServerIdentity(WorkloadId workload)
{
    public WorkloadId Workload { get; } = workload;

    /// <summary>The rules of a partner's server; null for a server of a trust domain.</summary>
    public PartnerRules? Partner { get; init; }

    /// <summary>Whether it is sent the local certificate.</summary>
    public bool SendsCertificate { get; init; } = true;

    /// <summary>Whether code lets connections to it speak TLS 1.2.</summary>
    public bool AllowsTls12 { get; init; }

    /// <summary>Whether a proved server is the one the client is bound to.</summary>
    public Verdict<VerifiedPeer> Check(VerifiedPeer peer)
    {
        if (Workload.DnsName is not { } name)
        {
            return peer.Workload == Workload ? peer : Mismatch(peer.ToString());
        }

        // Of a partner's server the name is one of the rules its path was found by.
        if (peer.Workload?.SpiffeId is not null || (Partner is null && !peer.DnsNames.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            return Mismatch(peer.Workload?.SpiffeId is null ? string.Join(", ", peer.DnsNames) : peer.ToString());
        }

        // A leaf of several names has no workload id of its own that the verifier could have looked up.
        return peer.Snapshot.Bundles.Denied.Denies(Workload)
            ? MtlsRejections.Refuse(MtlsRejectionReason.WorkloadDenied, "The workload is on the deny-list.", presented: Workload.ToString())
            : peer;
    }

    public Rejection Mismatch(string presented) => MtlsRejections.Refuse(
        MtlsRejectionReason.ServerIdentityMismatch, "The server is not the one this client is bound to.", Workload.ToString(), presented);
}
