namespace ZeroTrust.X509;

/// <summary>How much work one verification may cost. A limit that is reached refuses with <c>x509.budget_exceeded</c>.</summary>
/// <remarks>The defaults leave room for every honest path and bound a hostile one to milliseconds.</remarks>
public sealed record PathLimits
{
    /// <summary>The limits where nothing else is said.</summary>
    public static PathLimits Default { get; } = new();

    /// <summary>The most certificates beside the leaf.</summary>
    /// <value>Default 100.</value>
    public int MaxCandidates { get; init; } = 100;

    /// <summary>The most bytes all certificates of the peer may have together.</summary>
    /// <value>Default 131,072.</value>
    public int MaxBytes { get; init; } = 128 * 1024;

    /// <summary>The most signature work, in verifications on P-256; heavier keys, and keys the platform has not loaded yet, count for more.</summary>
    /// <value>Default 100.</value>
    public int MaxSignatures { get; init; } = 100;

    /// <summary>The most steps of the path search: one for each issuer tried.</summary>
    /// <value>Default 2,000.</value>
    public int MaxSteps { get; init; } = 2_000;

    /// <summary>The most comparisons of a name with a name constraint.</summary>
    /// <value>Default 50,000.</value>
    public int MaxNameComparisons { get; init; } = 50_000;

    /// <summary>The most certificate policies and mappings considered on one path.</summary>
    /// <value>Default 1,000.</value>
    public int MaxPolicies { get; init; } = 1_000;
}
