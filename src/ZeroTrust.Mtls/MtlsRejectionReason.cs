namespace ZeroTrust.Mtls;

/// <summary>Why a peer, or the certificate it presented, was refused. The code is <c>mtls.</c> and the member in snake_case.</summary>
public enum MtlsRejectionReason
{
    /// <summary>No reason was given: a defect of the program.</summary>
    Unspecified = 0,

    /// <summary>The peer presented no certificate.</summary>
    CertificateMissing = 1,

    /// <summary>The leaf or a certificate of its path is past its notAfter (RFC 5280 section 4.1.2.5).</summary>
    CertificateExpired = 2,

    /// <summary>The leaf or a certificate of its path is before its notBefore (RFC 5280 section 4.1.2.5).</summary>
    CertificateNotYetValid = 3,

    /// <summary>No path leads to an anchor of the leaf's trust domain (RFC 5280 section 6.1).</summary>
    UntrustedAnchor = 4,

    /// <summary>A signature of the path does not verify (RFC 5280 section 6.1.3).</summary>
    SignatureInvalid = 5,

    /// <summary>The path breaks a constraint: basic, name or policy constraints, or an unknown critical extension (RFC 5280 section 6.1.4).</summary>
    PathConstraintViolated = 6,

    /// <summary>The extended key usage does not hold the purpose of the peer's role; absent counts as not held (RFC 5280 section 4.2.1.12).</summary>
    ExtendedKeyUsageMissing = 7,

    /// <summary>The leaf is a CA certificate (X509-SVID section 4.1).</summary>
    LeafIsCa = 8,

    /// <summary>The leaf's key usage is absent, not critical, without digitalSignature, or may sign certificates or CRLs (X509-SVID section 4.3).</summary>
    KeyUsageInvalid = 9,

    /// <summary>A key of the path is not ECDSA on P-256, P-384 or P-521, nor RSA of 2048 to 8192 bits.</summary>
    WeakKey = 10,

    /// <summary>A certificate of the path is signed with something weaker than SHA-256.</summary>
    WeakSignature = 11,

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

    /// <summary>A certificate cannot be read as DER, is not X.509 version 3 or repeats an extension.</summary>
    Malformed = 20,

    /// <summary>The handshake did not end as TLS 1.3 with the certificate that was verified.</summary>
    HandshakeInvalid = 21,

    /// <summary>The verification itself failed unexpectedly: a defect of the program, answered as a refusal.</summary>
    VerificationFailed = 22,
}
