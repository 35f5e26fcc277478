using System.Net.Security;
using System.Security.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls.Tests.Support;

namespace ZeroTrust.Mtls.Tests.Partners;

/// <summary>TLS 1.2 is spoken to a server that code names with a reason, and to no other; there all else is asked for as before.</summary>
public sealed class ServerTls12Tests : IDisposable
{
#pragma warning disable CA5398 // the old version is what is tested
    private const SslProtocols Old = SslProtocols.Tls12;
#pragma warning restore CA5398
    private const string Why = "the bank renews its terminals in spring";

    private readonly PartnerWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_server_of_tls_1_2_is_called_where_code_names_it_and_nowhere_else()
    {
        using var leaf = _world.Issue();
        using var billing = _world.World.Intermediate.Issue(World.Billing);
        await using var bank = await PartnerSite.StartAsync(leaf, Old);
        await using var mesh = await PartnerSite.StartAsync(billing, Old);
        await using var none = _world.NewServices();
        await using var partner = _world.NewServices(weaken: dangers => dangers.AllowTls12(PartnerWorld.Server, Why));
        await using var workload = _world.NewServices(weaken: dangers => dangers.AllowTls12("billing", Why));

        await RefuseTlsAsync(none, PartnerWorld.Server, bank);
        Assert.Equal("Tls12", await partner.CallAsync(PartnerWorld.Server, bank));
        await RefuseTlsAsync(partner, "billing", mesh);
        Assert.Equal("Tls12", await workload.CallAsync("billing", mesh));
        await RefuseTlsAsync(workload, PartnerWorld.Server, bank);
    }

    [Fact]
    public async Task Tls_1_3_is_chosen_where_the_server_has_it()
    {
        using var leaf = _world.Issue();
        await using var site = await PartnerSite.StartAsync(leaf, Old | PeerTls.Protocol);
        await using var services = _world.NewServices(weaken: dangers => dangers.AllowTls12(PartnerWorld.Server, Why));

        Assert.Equal("Tls13", await services.CallAsync(PartnerWorld.Server, site));
    }

    [Theory]
    [InlineData(TlsCipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256)]
    public async Task A_suite_without_ephemeral_keys_or_authenticated_encryption_stays_refused(TlsCipherSuite suite)
    {
        using var leaf = _world.Issue(options => options.Key = ZeroTrust.Testing.TestKeyAlgorithm.Rsa2048);
#pragma warning disable CA1416 // not run on Windows
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The system chooses the suites.");
        await using var site = await PartnerSite.StartAsync(leaf, Old, new CipherSuitesPolicy([suite]));
#pragma warning restore CA1416
        await using var services = _world.NewServices(weaken: dangers => dangers.AllowTls12(PartnerWorld.Server, Why));

        await RefuseTlsAsync(services, PartnerWorld.Server, site);
    }

    [Fact]
    public async Task The_server_is_judged_as_under_tls_1_3()
    {
        using var other = _world.IssueFor("www.bank.example");
        using var own = _world.Issue(issuer: _world.World.Intermediate);
        await using var services = _world.NewServices(weaken: dangers => dangers.AllowTls12(PartnerWorld.Server, Why));

        await using var wrongName = await PartnerSite.StartAsync(other, Old);
        Assert.Equal("x509.name_mismatch", (await services.RefuseAsync(PartnerWorld.Server, wrongName)).Code);
        await using var wrongRoot = await PartnerSite.StartAsync(own, Old);
        Assert.Equal("x509.untrusted_anchor", (await services.RefuseAsync(PartnerWorld.Server, wrongRoot)).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_own_certificate_is_sent_as_the_options_say(bool sends)
    {
        using var leaf = _world.Issue();
        await using var site = await PartnerSite.StartAsync(leaf, Old);
        await using var services = _world.NewServices(
            options => options.Servers[PartnerWorld.Server].SendCertificate = sends, dangers => dangers.AllowTls12(PartnerWorld.Server, Why));

        await services.CallAsync(PartnerWorld.Server, site);

        Assert.Equal(sends, Assert.Single(site.Presented) is not null);
    }

    [Fact]
    public void Sessions_are_not_resumed_and_the_rest_of_the_options_stays()
    {
        var identity = new Internal.ServerIdentity(WorkloadId.Parse(World.Billing)) { AllowsTls12 = true };
        var tls = new PeerTls(_world.World.Verifier, _world.Credentials);
        var resumption = new ResumedPeers();

        var options = tls.ConnectTo(new Internal.BoundServer(identity, _world.World.Verifier), resumption).CreateOptions("localhost", []);

        Assert.Equal("Tls12, Tls13", options.EnabledSslProtocols.ToString());
        Assert.False(options.AllowTlsResume);
        Assert.False(options.AllowRenegotiation);
        Assert.NotNull(options.ClientCertificateContext);
        Assert.Equal("Tls13", tls.ConnectTo(WorkloadId.Parse(World.Billing)).CreateOptions("localhost", []).EnabledSslProtocols.ToString());
    }

    [Fact]
    public async Task A_name_that_is_no_server_stops_the_host()
    {
        await using var services = _world.NewServices(weaken: dangers => dangers.AllowTls12("till", Why));

        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<MtlsOptions>>().Value);

        Assert.Equal("ZeroTrust:Mtls:Servers:till: missing; code allows TLS 1.2 to it", Assert.Single(failure.Failures));
    }

    private static async Task RefuseTlsAsync(IServiceProvider services, string server, PartnerSite site)
    {
        var requests = site.Requests.Count;
        var failure = await Assert.ThrowsAsync<RejectionException>(() => services.CallAsync(server, site));
        Assert.Equal("mtls.handshake_invalid", failure.Rejection.Code);
        Assert.IsType<AuthenticationException>(failure.InnerException);
        Assert.Equal(requests, site.Requests.Count);
    }
}
