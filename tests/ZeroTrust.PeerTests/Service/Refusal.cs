namespace ZeroTrust.PeerTests.Service;

/// <summary>Why a peer is refused at the listener.</summary>
public enum Refusal
{
    /// <summary>It is served.</summary>
    None,
    PeerNotListed,
    UntrustedAnchor,
    Expired,
    ExtendedKeyUsage,
    CertificateMissing,
    WorkloadDenied,
}
