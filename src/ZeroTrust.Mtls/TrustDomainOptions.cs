namespace ZeroTrust.Mtls;

/// <summary>What one trust domain is trusted by.</summary>
public sealed class TrustDomainOptions
{
    /// <summary>PEM file with the trust domain's anchors: CA certificates, roots or intermediates; several during a rotation.</summary>
    /// <value>Required.</value>
    public string? AnchorFile { get; set; }

    /// <summary>The longest a leaf of this trust domain may live, from notBefore to notAfter.</summary>
    /// <value>Default 24 hours; 1 minute to 31 days. One minute on top is granted for back-dating.</value>
    /// <remarks>Short lives stand in for revocation: a stolen key is of use until its certificate ends, so this is the exposure you accept.</remarks>
    public TimeSpan MaxLeafLifetime { get; set; } = TrustBundle.DefaultMaxLeafLifetime;
}
