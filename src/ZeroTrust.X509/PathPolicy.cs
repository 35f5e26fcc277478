namespace ZeroTrust.X509;

/// <summary>What a path has to fulfil. Immutable; vary one with <c>with</c>.</summary>
public sealed record PathPolicy
{
    /// <summary>The object identifier that stands for every certificate policy (RFC 5280 section 4.2.1.4).</summary>
    public const string AnyPolicy = "2.5.29.32.0";

    /// <summary>The rules beyond the path algorithm.</summary>
    /// <value>Default <see cref="PathProfile.Strict"/>.</value>
    public PathProfile Profile { get; init; }

    /// <summary>The extended key usage the leaf has to hold and every CA of the path has to allow, dotted; null asks for none.</summary>
    /// <value>Default null. <see cref="KeyPurposes"/> names the usual ones.</value>
    public string? Purpose { get; init; }

    /// <summary>The names the leaf has to carry, all of them; empty asks for none.</summary>
    public IReadOnlyList<ReferenceIdentifier> Expected { get; init; } = [];

    /// <summary>Domains directly below which a wildcard name of the leaf (<c>*.example.com</c>) stands for an expected DNS name.</summary>
    /// <value>Default empty: wildcards match nothing. Name the domains you run, for example <c>example.com</c>.</value>
    /// <remarks>A list of own domains needs no public suffix list: <c>*.com</c> matches only where somebody wrote <c>com</c>.</remarks>
    public IReadOnlyList<string> WildcardDomains { get; init; } = [];

    /// <summary>The most CA certificates between the leaf and the anchor, without those that are self-issued (RFC 5280 section 6.1.4 (l)).</summary>
    /// <value>Default 6.</value>
    public int MaxIntermediates { get; init; } = 6;

    /// <summary>How far clocks may differ; widens the validity of certificates and CRLs on both ends.</summary>
    /// <value>Default zero.</value>
    public TimeSpan ClockSkew { get; init; }

    /// <summary>What is asked of the revocation status.</summary>
    /// <value>Default <see cref="RevocationMode.HardFail"/>: without CRLs nothing passes.</value>
    public RevocationMode Revocation { get; init; }

    /// <summary>The acceptable certificate policies, dotted (user-initial-policy-set, RFC 5280 section 6.1.1).</summary>
    /// <value>Default <see cref="AnyPolicy"/> alone.</value>
    public IReadOnlyList<string> CertificatePolicies { get; init; } = [AnyPolicy];

    /// <summary>Whether the path has to be valid for one of <see cref="CertificatePolicies"/> (initial-explicit-policy).</summary>
    public bool RequireExplicitPolicy { get; init; }

    /// <summary>Whether policy mapping is refused from the start (initial-policy-mapping-inhibit).</summary>
    public bool InhibitPolicyMapping { get; init; }

    /// <summary>Whether anyPolicy is ignored from the start (initial-any-policy-inhibit).</summary>
    public bool InhibitAnyPolicy { get; init; }

    /// <summary>Whether rules of the CA/Browser Forum's Baseline Requirements about extensions hold too, for servers of the public web.</summary>
    /// <value>Default false.</value>
    /// <remarks>
    /// Section 7.1.2.7.6: the leaf's extended key usage is not critical. Section 7.1.2.7.12: its alternative name is critical only where it has
    /// no subject. Section 7.1.2.1: a root has no extended key usage, and an authority key identifier of it is its own.
    /// </remarks>
    public bool BaselineRequirements { get; init; }

    /// <summary>What is asked of the leaf's common name.</summary>
    /// <value>Default <see cref="CommonNameRule.Ignored"/>.</value>
    public CommonNameRule CommonName { get; init; }

    /// <summary>Whether what RFC 3280 let CAs do, and RFC 5280 asks readers to bear, passes.</summary>
    /// <value>Default false.</value>
    /// <remarks>
    /// Serial numbers that are zero or negative (RFC 5280 section 4.1.2.2), and policy constraints and inhibitAnyPolicy that are not critical
    /// (sections 4.2.1.11 and 4.2.1.14). They are processed all the same.
    /// </remarks>
    public bool TolerateLegacyIssuers { get; init; }

    /// <summary>Whether the platform's <c>X509Chain</c> has to accept exactly the path we chose, too.</summary>
    /// <value>Default true. Anchors that are not self-signed cannot be expressed to it and are excepted.</value>
    /// <remarks>
    /// What it objects to though our rules allow it on purpose does not refuse where the certificates show that its objection can be about
    /// nothing else; <c>docs/divergences.md</c> has the table.
    /// </remarks>
    public bool PlatformVeto { get; init; } = true;

    /// <summary>How much work one verification may cost.</summary>
    /// <value>Default <see cref="PathLimits.Default"/>.</value>
    public PathLimits Limits { get; init; } = PathLimits.Default;
}
