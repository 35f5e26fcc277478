using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls.Internal;
using ZeroTrust.Mtls.Sources;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Shared;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests.Partners;

/// <summary>The files of a partner are read, doubted and watched as all files of trust are, and no other call waits for them.</summary>
public sealed class PartnerTrustTests : IDisposable
{
    private readonly PartnerWorld _world = new();
    private readonly TestCertificateAuthority _next;

    public PartnerTrustTests() => _next = TestCertificateAuthority.Create("bank root of next year", _world.World.Time);

    public void Dispose()
    {
        _next.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task A_root_that_is_added_is_taken_at_once_and_calls_go_on()
    {
        using var before = _world.Issue();
        using var after = _world.Issue(issuer: _next);
        await using var services = _world.NewServices();
        var (server, trust) = Bank(services);
        Check.Refused(server.Verify(after.ToPeerCertificates()), X509RejectionReason.UntrustedAnchor);

        Append(_next.AnchorPem);
        trust.Watch!.Look();

        Check.Accepted(server.Verify(before.ToPeerCertificates()));
        Check.Accepted(server.Verify(after.ToPeerCertificates()));
        Assert.Null(trust.Failure);
    }

    [Theory]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB")]
    [InlineData("not a certificate")]
    [InlineData("")]
    public async Task A_damaged_file_keeps_the_last_good_roots_and_shows_in_health(string content)
    {
        using var leaf = _world.Issue();
        await using var services = _world.NewServices();
        var (server, trust) = Bank(services);
        Assert.Equal("mtls.trust Ready ", Health(services));

        await File.WriteAllTextAsync(_world.AnchorFile, content, TestContext.Current.CancellationToken);
        trust.Watch!.Look();
        trust.Watch.Look();

        Check.Accepted(server.Verify(leaf.ToPeerCertificates()));
        Assert.Contains("ZeroTrust:Mtls:Servers:bank:AnchorFile", trust.Failure, StringComparison.Ordinal);
        Assert.StartsWith("mtls.trust Degraded ZeroTrust:Mtls:Servers:bank:AnchorFile", Health(services), StringComparison.Ordinal);
        Assert.Contains(_world.Logs.GetSnapshot(), record => record.Id.Name == "SourceReloadFailed" && record.Message.Contains("the server bank", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_shrinks_or_holds_other_roots_is_doubted_for_ten_looks()
    {
        Append(_next.AnchorPem);
        using var leaf = _world.Issue();
        await using var services = _world.NewServices();
        var (server, trust) = Bank(services);

        await File.WriteAllTextAsync(_world.AnchorFile, _next.AnchorPem, TestContext.Current.CancellationToken);
        for (var look = 0; look < 10; look++)
        {
            trust.Watch!.Look();
            Check.Accepted(server.Verify(leaf.ToPeerCertificates()));
        }

        Assert.Contains("1 of 2 anchors are left", trust.Failure, StringComparison.Ordinal);
        trust.Watch!.Look();
        Check.Refused(server.Verify(leaf.ToPeerCertificates()), X509RejectionReason.UntrustedAnchor);
    }

    [Fact]
    public async Task A_root_that_is_gone_cuts_the_connections_of_its_leaves()
    {
        Append(_next.AnchorPem);
        using var leaf = _world.Issue();
        await using var site = await PartnerSite.StartAsync(leaf);
        await using var services = _world.NewServices();
        var trust = Bank(services).Trust;
        using var client = services.NewClient(PartnerWorld.Server);
        await client.GetStringAsync(site.Address, TestContext.Current.CancellationToken);

        await File.WriteAllTextAsync(_world.AnchorFile, _next.AnchorPem, TestContext.Current.CancellationToken);
        for (var look = 0; look < 11; look++)
        {
            trust.Watch!.Look();
        }

        await Eventually.TrueAsync(() => _world.Logs.GetSnapshot().Any(record => record.Id.Name == "ServerConnectionAborted"), "The open connection was not cut.");
        Assert.Equal("x509.untrusted_anchor", (await services.RefuseAsync(PartnerWorld.Server, site)).Code);
    }

    [Fact]
    public async Task Files_that_are_not_looked_at_refuse_the_partners_server_and_no_other()
    {
        using var leaf = _world.Issue();
        using var billing = _world.World.Intermediate.Issue(World.Billing);
        await using var site = await PartnerSite.StartAsync(leaf);
        await using var mesh = await PartnerSite.StartAsync(billing);
        await using var services = _world.NewServices();
        var trust = Bank(services).Trust;
        trust.Watch!.Begin(_world.World.Clock);
        _world.World.Clock.Advance(TimeSpan.FromSeconds(58));
        Assert.Null(trust.CheckStaleness());
        _world.World.Clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal("mtls.trust_stale", (await services.RefuseAsync(PartnerWorld.Server, site)).Code);
        Assert.Equal("Tls13", await services.CallAsync("billing", mesh));
        Assert.StartsWith("mtls.trust Degraded", Health(services), StringComparison.Ordinal);

        trust.Watch.Look();
        Assert.Equal("Tls13", await services.CallAsync(PartnerWorld.Server, site));
    }

    [Theory]
    [InlineData("missing.pem", "cannot be read")]
    [InlineData("empty.pem", "is empty")]
    [InlineData("leaf.pem", "holds no usable anchors")]
    [InlineData("open.pem", "lets everybody write")]
    public void A_file_that_is_no_roots_at_start_stops_the_host_with_the_setting(string name, string fault)
    {
        var file = Path.Combine(_world.Folder, name);
        using var leaf = _world.Issue();
        if (name != "missing.pem")
        {
            File.WriteAllText(file, name switch { "empty.pem" => "", "leaf.pem" => leaf.Certificate.ExportCertificatePem(), _ => _world.Root.AnchorPem });
        }

        if (name == "open.pem")
        {
            Assert.SkipUnless(OperatingSystem.IsLinux(), "The owner of a file is asked on Linux.");
            OpenToAll(file);
        }

        var failure = Assert.Single(Assert.Throws<OptionsValidationException>(() => Servers(file)).Failures);

        Assert.StartsWith("ZeroTrust:Mtls:Servers:bank:AnchorFile: ", failure, StringComparison.Ordinal);
        Assert.Contains(fault, failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_bad_root_takes_the_others_not_along_and_is_told()
    {
        using var leaf = _world.Issue();
        using var end = _world.Issue();
        Append(end.Certificate.ExportCertificatePem());
        await using var services = _world.NewServices();
        var (server, trust) = Bank(services);

        Check.Accepted(server.Verify(leaf.ToPeerCertificates()));
        Assert.Contains("not trusted: anchor 2 of 2", trust.Failure, StringComparison.Ordinal);
    }

    private static (BoundServer Server, PartnerTrust Trust) Bank(ServiceProvider services)
    {
        var servers = services.GetRequiredService<MtlsServers>();
        return (servers.Find(PartnerWorld.Server), Assert.Single(servers.Partners).Trust);
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void ChangeMode(string file) => File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.OtherWrite);

    private static void OpenToAll(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            ChangeMode(file);
        }
    }

    private void Append(string pem) => File.AppendAllText(_world.AnchorFile, pem);

    private MtlsServers Servers(string anchorFile) => new(
        new MtlsOptions { TrustDomain = World.Domain, Servers = { [PartnerWorld.Server] = new() { Workload = PartnerWorld.Workload, AnchorFile = anchorFile } } },
        _world.World.Verifier,
        _world.World.Bundles,
        _world.World.Time,
        Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

    private string Health(ServiceProvider services)
    {
        var signal = new Signal();
        new MtlsHealth(
            _world.Credentials,
            _world.World.Bundles,
            services.GetRequiredService<MtlsServers>(),
            new ReadinessReporter([signal], new WatchEvents()),
            TimeSpan.FromSeconds(5),
            _world.World.Time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance).Report();
        return Assert.Single(signal.Told, told => told.StartsWith("mtls.trust", StringComparison.Ordinal));
    }

    private sealed class Signal : IReadinessSignal
    {
        public List<string> Told { get; } = [];

        public void Report(string dependency, DependencyState state, string? reason = null) => Told.Add($"{dependency} {state} {reason}");
    }
}
