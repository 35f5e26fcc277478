using ZeroTrust.Mtls.Internal;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Shared;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests;

public sealed class MtlsHealthTests : IDisposable
{
    private readonly FileWorld _world = new();
    private readonly Signals _signals = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Both_are_ready_and_told_once()
    {
        var health = NewHealth();
        health.Report();
        health.Report();

        Assert.Equal(["mtls.credential Ready ", "mtls.trust Ready "], _signals.Told);
    }

    [Theory]
    [InlineData(0, DependencyState.Ready)]
    [InlineData(1, DependencyState.Degraded)]
    public void A_certificate_with_less_than_a_tenth_of_its_life_left_needs_somebody(int seconds, DependencyState state)
    {
        using var leaf = _world.World.Root.Issue(options => (options.SpiffeId, options.NotBefore, options.NotAfter) =
            (World.Orders, World.Start, World.Start.AddSeconds(1000)));
        _world.World.Clock.Advance(TimeSpan.FromSeconds(900 + seconds));
        NewHealth(new MemoryPeerCredentialSource(leaf.ToCredential())).Report();

        Assert.StartsWith($"mtls.credential {state} ", _signals.Told[0], StringComparison.Ordinal);
        Assert.Equal(state == DependencyState.Degraded ? 1 : 0, _world.Told("CredentialEnding").Count());
    }

    [Theory]
    [InlineData(3600, DependencyState.Degraded)]
    [InlineData(3601, DependencyState.NotReady)]
    public void An_expired_certificate_is_not_ready(int seconds, DependencyState state)
    {
        var health = NewHealth(_world.NewCredentialSource());
        _world.World.Clock.Advance(TimeSpan.FromSeconds(seconds));
        health.Report();

        Assert.StartsWith($"mtls.credential {state} ", _signals.Told[0], StringComparison.Ordinal);
        Assert.Equal(state == DependencyState.NotReady ? 1 : 0, _world.Told("CredentialExpired").Count());
    }

    [Theory]
    [InlineData(5, DependencyState.Ready)]
    [InlineData(6, DependencyState.NotReady)]
    public void A_certificate_that_begins_later_than_the_clock_skew_is_not_ready_until_then(int seconds, DependencyState state)
    {
        using var leaf = _world.World.Root.Issue(options => (options.SpiffeId, options.NotBefore) = (World.Orders, World.Start.AddSeconds(seconds)));
        var health = NewHealth(new MemoryPeerCredentialSource(leaf.ToCredential()));
        health.Report();

        Assert.StartsWith($"mtls.credential {state} ", _signals.Told[0], StringComparison.Ordinal);
        Assert.Equal(state == DependencyState.NotReady ? 1 : 0, _world.Told("CredentialNotYetValid").Count());

        _world.World.Clock.Advance(TimeSpan.FromSeconds(1));
        health.Report();
        Assert.Equal("mtls.credential Ready ", _signals.Told.Last(told => told.StartsWith("mtls.credential", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_clock_that_is_set_back_while_the_service_runs_makes_it_not_ready()
    {
        var health = NewHealth(_world.NewCredentialSource());
        health.Report();
        _world.World.Clock.AdjustTime(World.Start.AddDays(-1));
        health.Report();

        Assert.Contains(_signals.Told, told => told.StartsWith("mtls.credential NotReady The own certificate is not yet valid", StringComparison.Ordinal));
    }

    [Fact]
    public void A_bad_reload_is_degraded_until_a_good_one()
    {
        var (credentials, bundles) = (_world.NewCredentialSource(), _world.NewBundleSource());
        var health = NewHealth(credentials, bundles);
        health.Report();
        File.WriteAllText(_world.Options.Credential.CertificateFile!, "nothing");
        File.WriteAllText(_world.Domain.AnchorFile!, "nothing");
        Look();
        Look();

        Assert.Equal(4, _signals.Told.Count);
        Assert.StartsWith("mtls.credential Degraded ZeroTrust:Mtls:Credential:CertificateFile: ", _signals.Told[2], StringComparison.Ordinal);
        Assert.StartsWith("mtls.trust Degraded ZeroTrust:Mtls:TrustDomains:example.test:AnchorFile: ", _signals.Told[3], StringComparison.Ordinal);

        _world.Rotate();
        _world.World.Root.WriteAnchorTo(_world.Folder);
        Look();
        Assert.Equal(["mtls.credential Ready ", "mtls.trust Ready "], _signals.Told[4..]);

        void Look()
        {
            credentials.Reload();
            bundles.Reload();
            health.Report();
        }
    }

    [Fact]
    public void A_crl_is_overdue_when_no_later_one_took_its_place()
    {
        var root = _world.World.Root;
        var early = root.IssueCrl([], World.Start.AddMinutes(10));
        var bundle = new TrustBundle(TrustDomain.Parse(World.Domain), [root.Certificate], maxLeafLifetime: null, new CrlSet([early]));
        var bundles = new MemoryTrustBundleSource(new TrustBundleSet(bundle));
        using var leaf = root.Issue(World.Orders);
        var health = NewHealth(new MemoryPeerCredentialSource(leaf.ToCredential()), bundles);
        _world.World.Clock.Advance(TimeSpan.FromMinutes(10));
        health.Report();
        Assert.Equal("mtls.trust Ready ", _signals.Told[^1]);

        _world.World.Clock.Advance(TimeSpan.FromSeconds(1));
        health.Report();
        Assert.StartsWith("mtls.trust Degraded The CRL ", _signals.Told[^1], StringComparison.Ordinal);
        Assert.Single(_world.Told("CrlOverdue"));

        bundles.Replace(new TrustBundleSet(bundle.With(new CrlSet([early, root.IssueCrl([])]))));
        health.Report();
        Assert.Equal("mtls.trust Ready ", _signals.Told[^1]);
    }

    [Fact]
    public void A_service_whose_every_peer_is_refused_for_an_overdue_crl_is_not_ready_beyond_the_clock_skew()
    {
        var root = _world.World.Root;
        var bundle = new TrustBundle(TrustDomain.Parse(World.Domain), [root.Certificate], maxLeafLifetime: null, new CrlSet([root.IssueCrl([], World.Start.AddMinutes(10))]));
        var bundles = new MemoryTrustBundleSource(new TrustBundleSet(bundle));
        using var leaf = root.Issue(World.Orders);
        var health = NewHealth(new MemoryPeerCredentialSource(leaf.ToCredential()), bundles);
        _world.World.Clock.Advance(TimeSpan.FromMinutes(10) + _world.Options.ClockSkew);
        health.Report();
        Assert.StartsWith("mtls.trust Degraded ", _signals.Told[^1], StringComparison.Ordinal);

        _world.World.Clock.Advance(TimeSpan.FromSeconds(1));
        health.Report();
        Assert.StartsWith("mtls.trust NotReady ", _signals.Told[^1], StringComparison.Ordinal);

        // The neighbours: another trust domain that still accepts, and a bundle that tolerates an unknown status.
        bundles.Replace(new TrustBundleSet(bundle, root.ToBundle("other.test")));
        health.Report();
        Assert.StartsWith("mtls.trust Degraded ", _signals.Told[^1], StringComparison.Ordinal);
        bundles.Replace(new TrustBundleSet(bundle));
        health.Report();
        Assert.StartsWith("mtls.trust NotReady ", _signals.Told[^1], StringComparison.Ordinal);
        bundles.Replace(new TrustBundleSet(bundle.DangerousAllowUnknownRevocation("a test")));
        health.Report();
        Assert.StartsWith("mtls.trust Degraded ", _signals.Told[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_whose_own_issuer_has_no_crl_that_can_be_used_is_not_ready_whatever_the_root_has()
    {
        var (root, issuing) = (_world.World.Root, _world.World.Intermediate);
        var bundle = new TrustBundle(TrustDomain.Parse(World.Domain), [root.Certificate], maxLeafLifetime: null, new CrlSet([root.IssueCrl([])]));
        var bundles = new MemoryTrustBundleSource(new TrustBundleSet(bundle));
        var health = NewHealth(bundles: bundles);

        Expect("NotReady No CRL of example.test that can be used tells of the certificates of CN=intermediate");
        Assert.Single(_world.Told("IssuerWithoutCrl"));
        Publish(root.IssueCrl([]), issuing.IssueCrl([], World.Start.AddMinutes(1)));
        Expect("Ready ");
        _world.World.Clock.Advance(TimeSpan.FromMinutes(2));
        Expect("NotReady The CRL CN=intermediate");
        Publish(root.IssueCrl([]), issuing.IssueCrl([]));
        Expect("Ready ");
        Publish(issuing.IssueCrl([]));
        Expect("NotReady No CRL of example.test that can be used tells of the certificates of CN=intermediate");

        // The neighbours: another issuer that is served, and a bundle that tolerates an unknown status.
        using var other = root.CreateIntermediate("other");
        Publish(root.IssueCrl([]), other.IssueCrl([]));
        Expect("Degraded No CRL of example.test that can be used tells of the certificates of CN=intermediate");
        bundles.Replace(new TrustBundleSet(bundle.DangerousAllowUnknownRevocation("a test")));
        Expect("Ready ");

        void Publish(params CertificateRevocationList[] crls) => bundles.Replace(new TrustBundleSet(bundle.With(new CrlSet(crls))));

        void Expect(string told)
        {
            health.Report();
            Assert.StartsWith("mtls.trust " + told, _signals.Told.Last(line => line.StartsWith("mtls.trust", StringComparison.Ordinal)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_crl_that_is_not_used_is_told_once_with_the_reason()
    {
        var (root, issuing) = (_world.World.Root, _world.World.Intermediate);
        var forged = Forge.Crl(issuing.Certificate, World.Start);
        var bundle = new TrustBundle(TrustDomain.Parse(World.Domain), [root.Certificate], maxLeafLifetime: null, new CrlSet([root.IssueCrl([]), issuing.IssueCrl([]), forged]));
        var health = NewHealth(bundles: new MemoryTrustBundleSource(new TrustBundleSet(bundle)));
        health.Report();
        health.Report();

        Assert.StartsWith("mtls.trust Degraded Of example.test the CRL CN=intermediate", _signals.Told[^1], StringComparison.Ordinal);
        var told = Assert.Single(_world.Told("CrlDoubted"));
        Assert.Contains("no certificate that may sign CRLs of this issuer proves its signature", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_crl_that_goes_on_is_told_until_another_one_takes_its_place()
    {
        var (root, issuing) = (_world.World.Root, _world.World.Intermediate);
        Publish(issuing.IssueCrl([]));
        var source = _world.NewBundleSource();
        var health = NewHealth(bundles: source);
        health.Report();
        Assert.Equal("mtls.trust Ready ", _signals.Told[^1]);

        Publish(Forge.Crl(issuing.Certificate, World.Start));
        Assert.True(source.Reload());
        health.Report();
        health.Report();
        Assert.StartsWith("mtls.trust Degraded Of example.test the CRL CN=intermediate", _signals.Told[^1], StringComparison.Ordinal);
        Assert.Collection(
            _world.Told("CrlDoubted"),
            unused => Assert.Contains("is not used because no certificate", unused.Message, StringComparison.Ordinal),
            kept => Assert.Contains("is no longer in the files and stays in use, since none there can take its place", kept.Message, StringComparison.Ordinal));

        Publish(issuing.IssueCrl([]), Forge.Crl(issuing.Certificate, World.Start, number: 1));
        source.Reload();
        Publish(issuing.IssueCrl([]));
        source.Reload();
        source.Reload();
        health.Report();
        Assert.Equal("mtls.trust Ready ", _signals.Told[^1]);

        void Publish(params CertificateRevocationList[] crls) => _world.Domain.CrlFiles = [_world.Write("crl.pem", FileWorld.Pem([root.IssueCrl([]), .. crls]))];
    }

    private MtlsHealth NewHealth(IPeerCredentialSource? credentials = null, ITrustBundleSource? bundles = null) => new(
        credentials ?? new MemoryPeerCredentialSource(_world.Current.ToCredential()),
        bundles ?? _world.World.Bundles,
        servers: null,
        new ReadinessReporter([_signals], new WatchEvents()),
        _world.Options.ClockSkew,
        _world.World.Time,
        _world.Logger<MtlsHealth>());

    private sealed class Signals : IReadinessSignal
    {
        public List<string> Told { get; } = [];

        public void Report(string dependency, DependencyState state, string? reason = null) => Told.Add($"{dependency} {state} {reason}");
    }
}
