namespace ZeroTrust.Mtls;

/// <summary>What one trust domain is trusted by.</summary>
public sealed class TrustDomainOptions
{
    /// <summary>File with the trust domain's anchors: CA certificates, roots or intermediates; several during a rotation.</summary>
    /// <value>Required. PEM, one certificate as DER, or PKCS#12.</value>
    public string? AnchorFile { get; set; }

    /// <summary>The password of a PKCS#12 file of anchors.</summary>
    /// <value>Null by default.</value>
    public string? AnchorPassword { get; set; }

    /// <summary>
    /// Files with the CRLs of the trust domain's CAs, complete and delta. With any, a certificate whose status no current CRL tells is
    /// refused.
    /// </summary>
    /// <value>Empty by default: certificates are short-lived instead. PEM, several CRLs to a file, or one CRL as DER; at most 64 MB each.</value>
    /// <remarks>A CRL older than the one in use is refused until a restart: who could put it back could take revocations back.</remarks>
    public IList<string> CrlFiles { get; set; } = [];

    /// <summary>How long a leaf of this trust domain may live.</summary>
    /// <value>Null by default: 24 hours without CRLs, and no limit with them. 1 minute to 31 days without CRLs. What is left of a leaf's life may be at most
    /// this and a minute, its whole life at most an hour more, since issuers begin leaves before they issue them.</value>
    /// <remarks>
    /// Short lives stand in for revocation: a stolen key is of use until its certificate ends, so this is the exposure you accept.
    /// </remarks>
    public TimeSpan? MaxLeafLifetime { get; set; }
}
