using ZeroTrust.Mtls.Internal;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Tests;

/// <summary>Sources whose loop has ended or hangs: what rests on them is late, then refused, and recovers with the next look.</summary>
public sealed class StaleSourceTests : IDisposable
{
    private readonly FileWorld _world = new();
    private readonly List<string> _told = [];

    public StaleSourceTests() => _world.Options.DenyListFile = _world.Write("denied", "# nobody");

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Trust_is_reported_late_then_refuses_and_recovers_with_the_next_look()
    {
        var source = _world.NewBundleSource();
        var verifier = World.NewVerifier(source, _world.World.Time);
        var health = NewHealth(_world.NewCredentialSource(), source);
        using var billing = _world.World.Intermediate.Issue(World.Billing);
        var proof = verifier.Verify(billing.ToPeerCertificates(), PeerRole.Client).Value!;
        Begin(source.Watches);

        Advance(health, TimeSpan.FromSeconds(5));
        Assert.StartsWith("mtls.trust Degraded The files of the trust bundle of example.test", _told[^1], StringComparison.Ordinal);
        Assert.True(verifier.Recheck(proof).IsAccepted);

        Advance(health, TimeSpan.FromSeconds(50));
        Advance(health, TimeSpan.FromSeconds(4.9));
        Assert.True(verifier.Recheck(proof).IsAccepted);
        Advance(health, TimeSpan.FromSeconds(0.1));
        Assert.Equal("mtls.trust_stale", verifier.Recheck(proof).Rejection?.Code);
        Assert.Equal(RejectionKind.Unavailable, verifier.Recheck(proof).Rejection?.Kind);
        Assert.Equal("mtls.trust_stale", verifier.Verify(billing.ToPeerCertificates(), PeerRole.Client).Rejection?.Code);
        Assert.Equal("mtls.trust_stale", verifier.Verify(billing.ToPeerCertificates(), PeerRole.Server).Rejection?.Code);
        Assert.StartsWith("mtls.trust NotReady ", _told[^1], StringComparison.Ordinal);
        Assert.Equal(2, _world.Told("SourceStale").Count());

        Look(source.Watches);
        Advance(health, TimeSpan.Zero);
        Assert.True(verifier.Recheck(proof).IsAccepted);
        Assert.Equal("mtls.trust Ready ", _told[^1]);
    }

    [Theory]
    [InlineData("deny-list", false)]
    [InlineData("trust bundle of example.test", false)]
    [InlineData("trust bundle of other.test", true)]
    public void Files_of_another_trust_domain_that_hang_refuse_nobody_of_this_one(string hangs, bool accepted)
    {
        using var other = Testing.TestCertificateAuthority.Create("other", _world.World.Time);
        _world.Options.TrustDomains["other.test"] = new TrustDomainOptions { AnchorFile = other.WriteAnchorTo(_world.Folder, "other") };
        var source = _world.NewBundleSource();
        var verifier = World.NewVerifier(source, _world.World.Time);
        using var billing = _world.World.Intermediate.Issue(World.Billing);
        var proof = verifier.Verify(billing.ToPeerCertificates(), PeerRole.Client).Value!;
        Begin(source.Watches);
        var health = NewHealth(_world.NewCredentialSource(), source);
        Advance(health, TimeSpan.FromSeconds(55));
        Assert.All(source.Watches, watch => Assert.False(watch.IsStale));
        Advance(health, TimeSpan.FromSeconds(5));
        Look(source.Watches.Where(watch => watch.Name != hangs));

        Assert.Equal(accepted, verifier.Recheck(proof).IsAccepted);
    }

    [Fact]
    public void A_process_that_was_stopped_looks_again_before_anything_is_refused()
    {
        var source = _world.NewBundleSource();
        var verifier = World.NewVerifier(source, _world.World.Time);
        var health = NewHealth(_world.NewCredentialSource(), source);
        using var billing = _world.World.Intermediate.Issue(World.Billing);
        var proof = verifier.Verify(billing.ToPeerCertificates(), PeerRole.Client).Value!;
        Begin(source.Watches);

        Advance(health, TimeSpan.FromMinutes(10));
        Assert.True(verifier.Recheck(proof).IsAccepted);
        Look(source.Watches);
        Advance(health, TimeSpan.FromSeconds(5));
        Assert.True(verifier.Recheck(proof).IsAccepted);
    }

    [Fact]
    public void A_loop_that_does_not_come_back_after_the_process_was_stopped_refuses_within_the_last_part_of_the_time()
    {
        var source = _world.NewBundleSource();
        var verifier = World.NewVerifier(source, _world.World.Time);
        var health = NewHealth(_world.NewCredentialSource(), source);
        using var billing = _world.World.Intermediate.Issue(World.Billing);
        var proof = verifier.Verify(billing.ToPeerCertificates(), PeerRole.Client).Value!;
        Begin(source.Watches);

        Advance(health, TimeSpan.FromMinutes(10));
        Advance(health, TimeSpan.FromSeconds(4.9));
        Assert.True(verifier.Recheck(proof).IsAccepted);
        Advance(health, TimeSpan.FromSeconds(0.1));
        Assert.Equal("mtls.trust_stale", verifier.Recheck(proof).Rejection?.Code);
    }

    [Fact]
    public void A_credential_that_is_not_looked_at_is_late_then_refused()
    {
        var source = _world.NewCredentialSource();
        var health = NewHealth(source, _world.World.Bundles);
        Begin([source.Watch]);

        Advance(health, TimeSpan.FromSeconds(5));
        Assert.Contains(_told, told => told.StartsWith("mtls.credential Degraded The files of the credential", StringComparison.Ordinal));
        Assert.Null(source.CheckStaleness());
        Advance(health, TimeSpan.FromSeconds(50));
        Advance(health, TimeSpan.FromSeconds(5));
        Assert.Equal("mtls.credential_stale", source.CheckStaleness()?.Code);
        Assert.Equal(RejectionKind.Unavailable, source.CheckStaleness()?.Kind);
        Assert.StartsWith("mtls.credential NotReady ", _told[^1], StringComparison.Ordinal);

        source.Watch.Look();
        Assert.Null(source.CheckStaleness());
    }

    private static void Begin(IEnumerable<Watch> watches, TimeProvider time)
    {
        foreach (var watch in watches)
        {
            watch.Begin(time);
        }
    }

    private static void Look(IEnumerable<Watch> watches)
    {
        foreach (var watch in watches)
        {
            watch.Look();
        }
    }

    private void Begin(IEnumerable<Watch> watches) => Begin(watches, _world.World.Time);

    private void Advance(MtlsHealth health, TimeSpan time)
    {
        _world.World.Clock.Advance(time);
        health.Report();
    }

    private MtlsHealth NewHealth(IPeerCredentialSource credentials, ITrustBundleSource bundles) => new(
        credentials, bundles, servers: null, new ReadinessReporter([new Signal(_told)], new WatchEvents()), _world.Options.ClockSkew, _world.World.Time, _world.Logger<MtlsHealth>());

    private sealed class Signal(List<string> told) : IReadinessSignal
    {
        public void Report(string dependency, DependencyState state, string? reason = null) => told.Add($"{dependency} {state} {reason}");
    }
}
