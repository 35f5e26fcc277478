namespace ZeroTrust.Mtls;

/// <summary>Why a peer, or the certificate it presented, was refused. The code is <c>mtls.</c> and the member in snake_case.</summary>
/// <remarks>
/// What is wrong with a certificate or its path is told by <see cref="ZeroTrust.X509.X509RejectionReason"/>, whose codes begin with <c>x509.</c>.
/// The numbers 2 to 8, 10, 11 and 20 told it before and stay reserved.
/// </remarks>
public enum MtlsRejectionReason
{
    /// <summary>No reason was given: a defect of the program.</summary>
    Unspecified = 0,

    /// <summary>The peer presented no certificate.</summary>
    CertificateMissing = 1,

    /// <summary>The leaf's key usage is absent, not critical, without digitalSignature, or may sign certificates or CRLs (X509-SVID section 4.3).</summary>
    KeyUsageInvalid = 9,

    /// <summary>The leaf lives longer than its trust domain allows, which stands in for revocation.</summary>
    LifetimeTooLong = 12,

    /// <summary>A leaf with a SPIFFE ID holds another URI name beside it (X509-SVID section 2).</summary>
    UriNameCount = 13,

    /// <summary>The URI name begins as a SPIFFE ID and is none, or names a whole trust domain (SPIFFE-ID section 2, X509-SVID section 4.1).</summary>
    SpiffeIdInvalid = 14,

    /// <summary>The leaf's trust domain has no bundle here.</summary>
    TrustDomainUnknown = 15,

    /// <summary>The leaf names no workload: it has neither a SPIFFE ID nor exactly one DNS name.</summary>
    NoWorkloadId = 16,

    /// <summary>The client is proved and is not on the listener's list of peers.</summary>
    PeerNotListed = 17,

    /// <summary>The server is proved and is not the one this client is bound to.</summary>
    ServerIdentityMismatch = 18,

    /// <summary>The certificates exceed the limits of size or number.</summary>
    TooLarge = 19,

    /// <summary>TLS ended the handshake before a verdict, or it did not end as TLS 1.3 with the certificate that was verified.</summary>
    HandshakeInvalid = 21,

    /// <summary>The verification itself failed unexpectedly: a defect of the program, answered as a refusal.</summary>
    VerificationFailed = 22,

    /// <summary>The peer is proved, and its workload is on the deny-list.</summary>
    WorkloadDenied = 23,

    /// <summary>The extended key usage of a leaf with a SPIFFE ID holds one of serverAuth and clientAuth without the other (X509-SVID section 4.4).</summary>
    ExtendedKeyUsageIncomplete = 24,

    /// <summary>The files of trust were not looked at within <see cref="MtlsOptions.MaxStaleness"/>, so a peer that lost trust would still pass.</summary>
    TrustStale = 40,

    /// <summary>The files of the local certificate were not looked at within <see cref="MtlsOptions.MaxStaleness"/>.</summary>
    CredentialStale = 41,

    /// <summary>The local certificate has ended, or the clock says that it has not begun, so no server would accept it.</summary>
    CredentialExpired = 42,

    /// <summary>
    /// The server is proved, and refused this workload's certificate, or its absence: by an alert of TLS (RFC 8446 section 6.2), or by an
    /// answer marked <c>ZeroTrust-Refused: connection</c>.
    /// </summary>
    RefusedByServer = 43,

    /// <summary>
    /// The server is proved, and closed the connection right after the handshake: it may have refused this workload's certificate.
    /// </summary>
    ClosedAfterHandshake = 44,
}
