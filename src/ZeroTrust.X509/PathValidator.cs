using ZeroTrust.X509.Internal;

namespace ZeroTrust.X509;

/// <summary>Builds and validates paths to one set of anchors (RFC 5280 section 6). Thread safe.</summary>
/// <remarks>
/// Nothing outside the arguments is looked at: no clock, no network, no store. What it keeps between calls are facts that no time changes:
/// which signatures of accepted paths verify, and the certificates of those paths ready for use.
/// </remarks>
public sealed class PathValidator
{
    private readonly TrustAnchorSet _anchors;
    private readonly CrlSet _crls;
    private readonly DenyList _denied;

    /// <summary>Creates a validator; keep it as long as its trust holds.</summary>
    /// <param name="anchors">Where a path may end.</param>
    /// <param name="crls">The CRLs; null for none, which under <see cref="RevocationMode.HardFail"/> refuses every path.</param>
    /// <param name="denied">Who is refused in any case; null for nobody.</param>
    public PathValidator(TrustAnchorSet anchors, CrlSet? crls = null, DenyList? denied = null)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        _anchors = anchors;
        _crls = crls ?? CrlSet.Empty;
        _denied = denied ?? DenyList.Empty;
    }

    /// <summary>Finds a path from the leaf to an anchor that keeps every rule.</summary>
    /// <param name="leaf">The peer's certificate.</param>
    /// <param name="intermediates">Other certificates the peer sent, in any order; those of no use are passed over.</param>
    /// <param name="policy">What the path has to fulfil.</param>
    /// <param name="time">The moment of the decision.</param>
    /// <returns>The path, or the rule that the most promising path broke. Never throws for what the peer sent.</returns>
    public Verdict<ValidatedPath> Validate(Certificate leaf, IReadOnlyList<Certificate> intermediates, PathPolicy policy, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(leaf);
        ArgumentNullException.ThrowIfNull(intermediates);
        ArgumentNullException.ThrowIfNull(policy);
        _ = (_anchors, _crls, _denied, time);
        return X509Rejections.Refuse(X509RejectionReason.VerificationFailed, "Not built yet.");
    }
}
