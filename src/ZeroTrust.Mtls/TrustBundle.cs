using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls;

/// <summary>What one trust domain is trusted by: its anchors, and what ends the trust in a leaf before its time. Immutable.</summary>
/// <remarks>
/// How certificates are revoked is declared: without CRLs the trust domain issues short-lived certificates, and
/// <see cref="MaxLeafLifetime"/> is the exposure that is accepted; with CRLs they are asked about every certificate of a path.
/// Keep a bundle as long as its trust holds: it remembers which intermediates it has verified.
/// </remarks>
public sealed class TrustBundle
{
    /// <summary>The longest life of a leaf where there are no CRLs and nothing else is said: 24 hours.</summary>
    public static readonly TimeSpan DefaultMaxLeafLifetime = TimeSpan.FromHours(24);

    /// <summary>Creates a bundle.</summary>
    /// <param name="trustDomain">The trust domain.</param>
    /// <param name="anchors">Its CA certificates, roots or intermediates; copied.</param>
    /// <param name="maxLeafLifetime">The longest life of a leaf; null for <see cref="DefaultMaxLeafLifetime"/> without CRLs, and for no limit with them.</param>
    /// <param name="crls">The CRLs of the trust domain; null declares that its certificates are short-lived instead.</param>
    /// <param name="revocation">What CRLs have to tell: with <see cref="RevocationMode.HardFail"/> an unknown status refuses, with
    /// <see cref="RevocationMode.SoftFail"/> it passes. Without CRLs it stays at its default and means nothing.</param>
    /// <exception cref="ArgumentException">
    /// The trust domain is <c>default</c>, there is no anchor, or one breaks a rule that would refuse every path under it;
    /// or <paramref name="revocation"/> is <see cref="RevocationMode.None"/>, or given without CRLs.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The lifetime is not positive, or the mode is none there is.</exception>
    public TrustBundle(
        TrustDomain trustDomain,
        X509Certificate2Collection anchors,
        TimeSpan? maxLeafLifetime = null,
        CrlSet? crls = null,
        RevocationMode revocation = RevocationMode.HardFail)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maxLeafLifetime ?? DefaultMaxLeafLifetime, TimeSpan.Zero, nameof(maxLeafLifetime));
        if (trustDomain.IsDefault || anchors.Count == 0)
        {
            throw new ArgumentException("A bundle names a trust domain and at least one anchor.", nameof(anchors));
        }

        TrustDomain = trustDomain;
        Anchors = new TrustAnchorSet(anchors.Select(Read));
        Crls = crls;
        Revocation = crls is null ? CheckNoMode(revocation) : CheckMode(revocation);
        MaxLeafLifetime = maxLeafLifetime ?? (crls is null ? DefaultMaxLeafLifetime : null);
        Policy = new PathPolicy { Profile = PathProfile.Strict, Revocation = Revocation, PlatformVeto = true };
        Validator = new PathValidator(Anchors, crls);
    }

    /// <summary>The trust domain.</summary>
    public TrustDomain TrustDomain { get; }

    /// <summary>The anchors.</summary>
    public TrustAnchorSet Anchors { get; }

    /// <summary>The longest life of a leaf; null for no limit, which only a bundle with CRLs can have.</summary>
    public TimeSpan? MaxLeafLifetime { get; }

    /// <summary>The CRLs; null when short lives stand in for them.</summary>
    public CrlSet? Crls { get; }

    /// <summary>What the CRLs have to tell; <see cref="RevocationMode.None"/> exactly when there are none.</summary>
    public RevocationMode Revocation { get; }

    internal PathPolicy Policy { get; }

    internal PathValidator Validator { get; }

    private static Certificate Read(X509Certificate2 anchor) =>
        Certificate.From(anchor).TryGet(out var certificate, out var rejection)
        && TrustAnchorSet.Check(certificate, new PathPolicy()).TryGet(out _, out rejection)
            ? certificate
            : throw new ArgumentException($"The anchor with SHA-256 {anchor.GetCertHashString(HashAlgorithmName.SHA256)} is refused: {rejection}", nameof(anchor));

    private static RevocationMode CheckMode(RevocationMode revocation) => revocation switch
    {
        RevocationMode.HardFail or RevocationMode.SoftFail => revocation,
        RevocationMode.None => throw new ArgumentException("CRLs that are given are asked; to have none, give none.", nameof(revocation)),
        _ => throw new ArgumentOutOfRangeException(nameof(revocation), revocation, "Not a mode of revocation."),
    };

    private static RevocationMode CheckNoMode(RevocationMode revocation) => revocation == RevocationMode.HardFail
        ? RevocationMode.None
        : throw new ArgumentException("Without CRLs there is nothing to be lenient about; short lives stand in for them.", nameof(revocation));
}
