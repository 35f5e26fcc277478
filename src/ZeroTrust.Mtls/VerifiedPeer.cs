namespace ZeroTrust.Mtls;

/// <summary>The proof that a peer's certificates were verified. Only <see cref="PeerVerifier"/> makes it.</summary>
public sealed class VerifiedPeer
{
    internal VerifiedPeer(PeerCertificates certificates, PeerRole role, TrustSnapshot snapshot)
    {
        Certificates = certificates;
        Role = role;
        Snapshot = snapshot;
    }

    /// <summary>The role the peer was verified in.</summary>
    public PeerRole Role { get; }

    /// <summary>The workload the leaf names: its SPIFFE ID, else <c>dns:</c> and its only DNS name; null when it has neither.</summary>
    /// <remarks>A peer without one is on no list of peers and may not sign or send a context.</remarks>
    public WorkloadId? Workload { get; internal init; }

    /// <summary>The trust domain whose anchors judged the leaf.</summary>
    public TrustDomain TrustDomain { get; internal init; }

    /// <summary>Every DNS name of the leaf, in its order. The common name is never among them.</summary>
    public IReadOnlyList<string> DnsNames { get; internal init; } = [];

    /// <summary>Every URI name of the leaf, in its order.</summary>
    public IReadOnlyList<string> UriNames { get; internal init; } = [];

    /// <summary>When the leaf itself ends (its notAfter).</summary>
    public DateTimeOffset NotAfter { get; internal init; }

    /// <summary>When the proof has to be renewed: the earliest notAfter of the path, the anchor included, or the earliest nextUpdate of the CRLs it rests on.</summary>
    public DateTimeOffset ValidUntil { get; internal init; }

    /// <summary>The trust the decision rests on.</summary>
    public TrustSnapshot Snapshot { get; }

    /// <summary>The certificates as the peer sent them.</summary>
    public PeerCertificates Certificates { get; }

    /// <summary>The leaf, DER.</summary>
    public ReadOnlyMemory<byte> LeafDer => Certificates.LeafDer;

    /// <summary>SHA-256 of the leaf, 64 lower-case hexadecimal digits.</summary>
    public string LeafSha256 => Certificates.LeafSha256;

    /// <summary>The workload, or the digest of the leaf that names none.</summary>
    public override string ToString() => Workload?.ToString() ?? $"sha256:{LeafSha256}";
}
