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
    /// <param name="maxLeafLifetime">
    /// The longest life of a leaf; null for <see cref="DefaultMaxLeafLifetime"/> without CRLs, and for no limit with them.
    /// </param>
    /// <param name="crls">The CRLs of the trust domain; null declares that its certificates are short-lived instead.</param>
    /// <exception cref="ArgumentException">
    /// The trust domain is <c>default</c>, there is no anchor, or one breaks a rule that would refuse every path under it.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The lifetime is not positive.</exception>
    public TrustBundle(TrustDomain trustDomain, X509Certificate2Collection anchors, TimeSpan? maxLeafLifetime = null, CrlSet? crls = null)
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
        MaxLeafLifetime = maxLeafLifetime ?? (crls is null ? DefaultMaxLeafLifetime : null);
        Policy = new PathPolicy
        {
            Profile = PathProfile.Strict,
            Revocation = crls is null ? RevocationMode.None : RevocationMode.HardFail,
            PlatformVeto = true,
        };
        Validator = new PathValidator(Anchors, crls);
        Weakenings = [];
    }

    private TrustBundle(TrustBundle other)
    {
        TrustDomain = other.TrustDomain;
        Anchors = other.Anchors;
        Crls = other.Crls;
        MaxLeafLifetime = other.MaxLeafLifetime;
        Policy = other.Policy;
        Validator = other.Validator;
        Weakenings = other.Weakenings;
        Outliving = other.Outliving;
    }

    /// <summary>The trust domain.</summary>
    public TrustDomain TrustDomain { get; }

    /// <summary>The anchors.</summary>
    public TrustAnchorSet Anchors { get; }

    /// <summary>The longest life of a leaf; null for no limit.</summary>
    public TimeSpan? MaxLeafLifetime { get; private init; }

    /// <summary>The CRLs; null when short lives stand in for them.</summary>
    public CrlSet? Crls { get; private init; }

    /// <summary>What the CRLs have to tell; <see cref="RevocationMode.None"/> exactly when there are none.</summary>
    public RevocationMode Revocation => Policy.Revocation;

    /// <summary>The checks that the members named Dangerous have weakened.</summary>
    /// <value>None by default.</value>
    public IReadOnlyList<Weakening> Weakenings { get; private init; }

    /// <summary>The CRLs that are in no file any more and go on, since what replaced them cannot take their place.</summary>
    internal IReadOnlyList<CertificateRevocationList> Outliving { get; private init; } = [];

    internal PathPolicy Policy { get; private init; }

    internal PathValidator Validator { get; private init; }

    /// <summary>The same bundle with other CRLs: the anchors stay the same object, and what was learnt under them is kept.</summary>
    /// <param name="crls">The CRLs that hold from now on, all of them.</param>
    /// <exception cref="InvalidOperationException">
    /// The bundle declares short-lived certificates instead of CRLs; create another one.
    /// </exception>
    public TrustBundle With(CrlSet crls)
    {
        ArgumentNullException.ThrowIfNull(crls);
        RequireCrls(Crls is not null);
        return With(crls, []);
    }

    /// <summary>The same bundle, under which a certificate whose status no current CRL tells passes.</summary>
    /// <param name="reason">Why this is acceptable; it is logged and shown to operators.</param>
    /// <remarks>Whoever keeps a CRL from being renewed then keeps revoked certificates alive.</remarks>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    /// <exception cref="InvalidOperationException">The bundle has no CRLs.</exception>
    public TrustBundle DangerousAllowUnknownRevocation(string reason)
    {
        RequireCrls(Crls is not null);
        return Weaken(new Weakening(MtlsDangers.UnknownRevocationOf(TrustDomain), reason), Policy with { Revocation = RevocationMode.SoftFail }, MaxLeafLifetime);
    }

    /// <summary>
    /// The same bundle without a limit to the life of a leaf: nothing but the deny-list ends the trust in one before its time.
    /// </summary>
    /// <param name="reason">Why this is acceptable; it is logged and shown to operators.</param>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    /// <exception cref="InvalidOperationException">The bundle has CRLs.</exception>
    public TrustBundle DangerousAllowNoRevocation(string reason)
    {
        RequireCrls(Crls is null);
        return Weaken(new Weakening(MtlsDangers.NoRevocationOf(TrustDomain), reason), Policy, maxLeafLifetime: null);
    }

    /// <summary>The same bundle, whose paths the platform's <c>X509Chain</c> is not asked about.</summary>
    /// <param name="reason">Why this is acceptable; it is logged and shown to operators.</param>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    public TrustBundle DangerousSkipPlatformVeto(string reason) =>
        SkipPlatformVeto(new Weakening($"{MtlsDangers.NoPlatformVeto}:{TrustDomain}", reason));

    internal TrustBundle With(CrlSet crls, IReadOnlyList<CertificateRevocationList> outliving) =>
        new(this) { Crls = crls, Validator = Validator.With(crls, DenyList.Empty), Outliving = outliving };

    internal TrustBundle SkipPlatformVeto(Weakening weakening) => Weaken(weakening, Policy with { PlatformVeto = false }, MaxLeafLifetime);

    private static Certificate Read(X509Certificate2 anchor) =>
        Certificate.From(anchor).TryGet(out var certificate, out var rejection)
        && TrustAnchorSet.Check(certificate, new PathPolicy()).TryGet(out _, out rejection)
            ? certificate
            : throw new ArgumentException($"The anchor with SHA-256 {anchor.GetCertHashString(HashAlgorithmName.SHA256)} is refused: {rejection}", nameof(anchor));

    private static void RequireCrls(bool fulfilled)
    {
        if (!fulfilled)
        {
            throw new InvalidOperationException("A bundle has CRLs, or short lives in their place; this is for the other kind.");
        }
    }

    private TrustBundle Weaken(Weakening weakening, PathPolicy policy, TimeSpan? maxLeafLifetime) =>
        new(this) { Policy = policy, MaxLeafLifetime = maxLeafLifetime, Weakenings = [.. Weakenings, weakening] };
}
