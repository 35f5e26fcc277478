namespace ZeroTrust.X509.Tests.Support;

/// <summary>One validation: what the peer sends, where paths may end, and what is asked of them. Vary one with <c>with</c>.</summary>
internal sealed record Trial(ForgedCertificate Leaf, ForgedCertificate[] Intermediates, params ForgedCertificate[] Anchors)
{
    public static readonly DateTimeOffset Noon = new(2030, 6, 15, 12, 0, 0, TimeSpan.Zero);

    private static readonly RejectionFamily<X509RejectionReason> Codes = new("x509", _ => RejectionKind.Unauthenticated);

    /// <summary>The defaults, without CRLs and without the platform's veto.</summary>
    public PathPolicy Policy { get; init; } = new() { Revocation = RevocationMode.None, PlatformVeto = false };

    public DateTimeOffset Time { get; init; } = Noon;

    public DenyList? Denied { get; init; }

    public CrlSet? Crls { get; init; }

    /// <summary>Root, CA and leaf, each of which keeps every rule but those that are changed here.</summary>
    public static Trial Of(Action<CertificateForge>? leaf = null, Action<CertificateForge>? ca = null, Action<CertificateForge>? root = null)
    {
        var trusted = CertificateForge.Ca("Root").Vary(root).SelfSigned();
        var issuer = CertificateForge.Ca("CA").Vary(ca).IssuedBy(trusted);
        return new(CertificateForge.Leaf().Vary(leaf).IssuedBy(issuer), [issuer], trusted);
    }

    public Trial Asking(Func<PathPolicy, PathPolicy> vary) => this with { Policy = vary(Policy) };

    public Trial Under(PathProfile profile) => Asking(policy => policy with { Profile = profile });

    public Trial At(DateTimeOffset time) => this with { Time = time };

    public PathValidator Validator() => new(new TrustAnchorSet(Anchors.Select(anchor => anchor.Certificate)), Crls, Denied);

    public Verdict<ValidatedPath> Run(PathValidator? validator = null) => (validator ?? Validator())
        .Validate(Leaf.Certificate, [.. Intermediates.Select(intermediate => intermediate.Certificate)], Policy, Time);

    public ValidatedPath ShouldPass(PathValidator? validator = null)
    {
        var verdict = Run(validator);
        Assert.True(verdict.IsAccepted, verdict.ToString());
        return verdict.Value;
    }

    public Rejection ShouldRefuse(X509RejectionReason reason, PathValidator? validator = null)
    {
        var verdict = Run(validator);
        Assert.False(verdict.IsAccepted, $"accepted where {reason} was due");
        Assert.True(Codes.CodeOf(reason) == verdict.Rejection.Code, $"{reason} was due, not {verdict.Rejection}: {verdict.Rejection.Detail}");
        return verdict.Rejection;
    }
}
