using ZeroTrust.Mtls.Tests.Support;

namespace ZeroTrust.Mtls.Tests;

/// <summary>
/// The limit of a leaf's life against what issuers really make: those of short lives pass as they come, and the others are told which
/// setting it is.
/// </summary>
public sealed class IssuerLifetimeTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private readonly World _world = new();

    public static TheoryData<string> WithinADay => [.. Named(shape => shape.Lifetime <= Day)];

    public static TheoryData<string> BeyondADay => [.. Named(shape => shape.Lifetime > Day)];

    public void Dispose() => _world.Dispose();

    [Theory]
    [MemberData(nameof(WithinADay))]
    public void A_fresh_leaf_of_an_issuer_of_short_lives_passes_the_default(string issuer)
    {
        var (bundle, leaf) = Issue(issuer, maxLeafLifetime: null);

        Check.Accepted(Verify(bundle, leaf));
        _world.Clock.Advance(IssuerShapes.All[issuer].Lifetime - TimeSpan.FromMinutes(1));
        Check.Accepted(Verify(bundle, leaf));
        _world.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.False(Verify(bundle, leaf).IsAccepted);
    }

    [Theory]
    [MemberData(nameof(BeyondADay))]
    public void A_leaf_of_an_issuer_of_long_lives_is_refused_with_the_setting_until_it_says_so(string issuer)
    {
        var life = IssuerShapes.All[issuer].Lifetime;
        var (bundle, leaf) = Issue(issuer, maxLeafLifetime: null);

        var rejection = Check.Refused(Verify(bundle, leaf), MtlsRejectionReason.LifetimeTooLong);

        Assert.Contains("ZeroTrust:Mtls:TrustDomains:example.test:MaxLeafLifetime", rejection.Detail, StringComparison.Ordinal);
        Assert.Contains("Issue shorter leaves, or give CRLs, or raise the setting.", rejection.Detail, StringComparison.Ordinal);
        Assert.Equal("1.00:00:00", rejection.Expected);

        // Also on its last day: it was too long to be stolen in.
        _world.Clock.Advance(life - TimeSpan.FromMinutes(10));
        Check.Refused(Verify(bundle, leaf), MtlsRejectionReason.LifetimeTooLong);
        var (allowed, second) = Issue(issuer, life);
        Check.Accepted(Verify(allowed, second));
    }

    [Theory]
    [InlineData(61, true)]
    [InlineData(62, false)]
    public void Back_dating_of_an_hour_passes_and_no_more(int minutes, bool accepted)
    {
        var (bundle, leaf) = Issue(new IssuerShape(TimeSpan.FromMinutes(minutes), Day, IssuerShapes.All["Istio"].KeyUsage, 16), maxLeafLifetime: null);

        Assert.Equal(accepted, Verify(bundle, leaf).IsAccepted);
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(61, false)]
    public void What_is_left_of_a_life_is_the_limit_and_a_minute_at_most(int seconds, bool accepted)
    {
        var shape = IssuerShapes.All["Istio"] with { BackDating = TimeSpan.Zero, Late = TimeSpan.FromSeconds(seconds) };
        var (bundle, leaf) = Issue(shape, maxLeafLifetime: null);

        Assert.Equal(accepted, Verify(bundle, leaf).IsAccepted);
    }

    [Fact]
    public void A_leaf_without_back_dating_that_lives_an_hour_longer_is_of_use_for_no_longer_than_the_limit()
    {
        var shape = IssuerShapes.All["Istio"] with { BackDating = TimeSpan.Zero, Lifetime = TimeSpan.FromMinutes(50) };
        var (bundle, leaf) = Issue(shape, TimeSpan.FromMinutes(10));

        Check.Refused(Verify(bundle, leaf), MtlsRejectionReason.LifetimeTooLong);
        _world.Clock.Advance(TimeSpan.FromMinutes(38));
        Check.Refused(Verify(bundle, leaf), MtlsRejectionReason.LifetimeTooLong);
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        Check.Accepted(Verify(bundle, leaf));
    }

    [Fact]
    public void A_leaf_that_has_not_begun_is_told_so()
    {
        var (bundle, leaf) = Issue(IssuerShapes.All["Istio"] with { BackDating = TimeSpan.FromHours(-2), Lifetime = TimeSpan.FromHours(26) }, maxLeafLifetime: null);

        Assert.Equal("x509.not_yet_valid", Verify(bundle, leaf).Rejection?.Code);
    }

    private static IEnumerable<string> Named(Func<IssuerShape, bool> which) => IssuerShapes.All.Where(entry => which(entry.Value)).Select(entry => entry.Key);

    private (TrustBundle Bundle, PeerCertificates Leaf) Issue(string issuer, TimeSpan? maxLeafLifetime) => Issue(IssuerShapes.All[issuer], maxLeafLifetime);

    private (TrustBundle Bundle, PeerCertificates Leaf) Issue(IssuerShape shape, TimeSpan? maxLeafLifetime)
    {
        var (root, leaf) = IssuerShapes.Issue(shape, _world.Clock.GetUtcNow());
        using (root)
        {
            return (new TrustBundle(TrustDomain.Parse(World.Domain), [root], maxLeafLifetime), leaf);
        }
    }

    private Verdict<VerifiedPeer> Verify(TrustBundle bundle, PeerCertificates leaf) =>
        World.NewVerifier(new MemoryTrustBundleSource(new TrustBundleSet(bundle)), _world.Time).Verify(leaf, PeerRole.Client);
}
