namespace ZeroTrust.X509.Internal;

/// <summary>What the revocation check asks the path search: the time, and who may have signed a CRL.</summary>
internal interface ICrlTrust
{
    DateTimeOffset Now { get; }

    TimeSpan ClockSkew { get; }

    /// <summary>The limit that was reached and lets the answers below be "no" for want of work; null while there is room.</summary>
    string? Exhausted { get; }

    /// <summary>The certificates that may have signed CRLs of this issuer: the path's, the peer's, the anchors' and those of the CRL set.</summary>
    IEnumerable<Certificate> CertificatesNamed(DistinguishedName name);

    /// <summary>Whether the certificate has a valid path, its own revocation status included, to this very anchor (RFC 5280 section 6.3.3 (f)).</summary>
    /// <remarks>Its key usage and its signature on the CRL have been checked. A certificate of the path under judgement needs no search.</remarks>
    bool HasPath(Certificate signer, Certificate anchor);

    /// <summary>Whether the certificate's key made the CRL's signature, as far as the budget allows.</summary>
    bool Verifies(Certificate signer, CertificateRevocationList crl);
}
