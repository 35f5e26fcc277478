using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls.Internal;
using ZeroTrust.Mtls.Sources;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests.Partners;

/// <summary>The roots of the host judge a server that code names with a reason, and nobody else.</summary>
public sealed class SystemRootsTests : IDisposable
{
    private const string Why = "the bank is behind a content network that changes its authorities";

    private readonly PartnerWorld _world = new();
    private readonly TestCertificateAuthority _web;

    public SystemRootsTests() => _web = TestCertificateAuthority.Create("web root", _world.World.Time);

    public void Dispose()
    {
        _web.Dispose();
        _world.Dispose();
    }

    [Fact]
    public void They_judge_the_named_server_by_its_name_and_life()
    {
        using var leaf = _world.Issue(issuer: _web);
        using var other = _web.Issue(options => PartnerWorld.LikePublic(options, World.Start, "www.bank.example"));
        using var workload = _web.Issue(World.Billing);
        var servers = Servers();

        Check.Accepted(servers.Find(PartnerWorld.Server).Verify(leaf.ToPeerCertificates()));
        Check.Refused(servers.Find(PartnerWorld.Server).Verify(other.ToPeerCertificates()), X509RejectionReason.NameMismatch);
        Check.Refused(servers.Find(PartnerWorld.Server).Verify(workload.ToPeerCertificates()), MtlsRejectionReason.ServerIdentityMismatch);
        Check.Refused(servers.Find("billing").Verify(workload.ToPeerCertificates()), X509RejectionReason.UntrustedAnchor);
        Check.Refused(servers.Find("own").Verify(leaf.ToPeerCertificates()), MtlsRejectionReason.LifetimeTooLong);
        Check.Refused(_world.World.Verifier.Verify(workload.ToPeerCertificates(), PeerRole.Client), X509RejectionReason.UntrustedAnchor);
    }

    [Fact]
    public void Without_a_longer_life_in_the_options_ninety_days_are_refused()
    {
        using var leaf = _world.Issue(issuer: _web);

        var rejection = Check.Refused(Servers(life: null).Find(PartnerWorld.Server).Verify(leaf.ToPeerCertificates()), MtlsRejectionReason.LifetimeTooLong);

        Assert.Contains("ZeroTrust:Mtls:Servers:bank:MaxLeafLifetime", rejection.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_without_roots_or_with_bad_ones_alone_does_not_start()
    {
        using var leaf = _world.Issue();

        Assert.All(
            new Func<X509Certificate2Collection>[] { () => [], () => [leaf.Certificate] },
            roots => Assert.StartsWith(
                "ZeroTrust:Mtls:Servers:bank: code trusts the system's roots",
                Assert.Single(Assert.Throws<OptionsValidationException>(() => Servers(roots: roots)).Failures),
                StringComparison.Ordinal));
    }

    [Fact]
    public void Those_of_this_host_are_anchors()
    {
        var roots = SystemRoots.Read();
        Assert.SkipWhen(roots.Count == 0, "This host has no roots.");

        var usable = AnchorFile.Usable(roots, out var leftOut);

        TestContext.Current.TestOutputHelper?.WriteLine($"{usable.Count} of {roots.Count}; {leftOut}");
        Assert.True(usable.Count > roots.Count / 2, leftOut);
    }

    [Theory]
    [InlineData("till", "ZeroTrust:Mtls:Servers:till: missing; code trusts the system's roots for it")]
    [InlineData(PartnerWorld.Server, "ZeroTrust:Mtls:Servers:bank:AnchorFile: code trusts the system's roots for this server; it is one or the other")]
    [InlineData("billing", "ZeroTrust:Mtls:Servers:billing: a partner's server is known by its DNS name (dns:name); one with a SPIFFE ID is judged by TrustDomains")]
    public async Task An_exception_that_makes_no_sense_stops_the_host(string server, string fault)
    {
        await using var services = _world.NewServices(weaken: dangers => dangers.AllowSystemRoots(server, Why));

        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<MtlsOptions>>().Value);

        Assert.Equal(fault, Assert.Single(failure.Failures));
    }

    private MtlsServers Servers(Func<X509Certificate2Collection>? roots = null) => Servers(PartnerWorld.NinetyDays, roots);

    private MtlsServers Servers(TimeSpan? life, Func<X509Certificate2Collection>? roots = null) => new(
        new MtlsOptions
        {
            TrustDomain = World.Domain,
            Servers =
            {
                ["billing"] = World.Billing,
                ["own"] = PartnerWorld.Workload,
                [PartnerWorld.Server] = new ServerOptions { Workload = PartnerWorld.Workload, MaxLeafLifetime = life },
            },
        },
        _world.World.Verifier,
        _world.World.Bundles,
        _world.World.Time,
        NullLogger.Instance,
        meterFactory: null,
        FileWorld.Dangers(dangers => dangers.AllowSystemRoots(PartnerWorld.Server, Why)),
        roots ?? (() => [_web.Certificate]));
}
