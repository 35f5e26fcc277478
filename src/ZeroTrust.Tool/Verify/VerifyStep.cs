namespace ZeroTrust.Tool.Verify;

/// <summary>The steps of a verification, in their order.</summary>
internal enum VerifyStep
{
    /// <summary>The bytes are certificates, and not too many.</summary>
    Read = 0,

    /// <summary>The leaf's key usage (X509-SVID section 4.3).</summary>
    KeyUsage = 1,

    /// <summary>The leaf's names make at most one workload.</summary>
    Names = 2,

    /// <summary>A leaf with a SPIFFE ID is good for both roles (X509-SVID section 4.4).</summary>
    Purposes = 3,

    /// <summary>The leaf's trust domain has anchors.</summary>
    TrustDomain = 4,

    /// <summary>The leaf lives no longer than its trust domain allows.</summary>
    Lifetime = 5,

    /// <summary>The certificates and a path of them keep RFC 5280.</summary>
    Path = 6,

    /// <summary>No certificate of the path is revoked.</summary>
    Revocation = 7,

    /// <summary>The platform does not object to the path.</summary>
    Veto = 8,

    /// <summary>The workload is not on the deny-list.</summary>
    Denial = 9,

    /// <summary>The workload is the expected one.</summary>
    Identity = 10,
}
