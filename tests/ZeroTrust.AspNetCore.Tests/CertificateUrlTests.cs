using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using ZeroTrust.AspNetCore.Tests.Forwarding;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>A certificate names URLs (issuer, OCSP, CRL). No listener ever calls one, whoever presents it.</summary>
public sealed class CertificateUrlTests : IAsyncDisposable
{
    private readonly Mesh _mesh = new();
    private readonly Trap _trap = new();

    public async ValueTask DisposeAsync()
    {
        await _trap.DisposeAsync();
        _mesh.Dispose();
    }

    [Theory]
    [InlineData("Mesh")]
    [InlineData("Management")]
    public async Task An_untrusted_clients_urls_are_not_called(string role)
    {
        using var authority = TestCertificateAuthority.Create("stranger");
        using var hidden = authority.CreateIntermediate("hidden");
        using var leaf = IssueWithUrls(hidden);
        await using var host = await StartAsync(TestHost.MeshListener(role));

        // Without its intermediate, so that a careless server has a reason to fetch.
        var alone = SslStreamCertificateContext.Create(leaf.Certificate, additionalCertificates: null, offline: true);
        Assert.False(await Mesh.IsAnsweredWithAsync(host.EndPoint("mesh"), alone, TestContext.Current.CancellationToken));

        Assert.Equal("x509.untrusted_anchor", (await host.WaitForEventAsync("PeerRefused")).GetStructuredStateValue("error.type"));
        Assert.Equal(0, _trap.Hits);

        // The trap works: the platform's own chain falls into it.
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.UrlRetrievalTimeout = TimeSpan.FromSeconds(5);
        chain.Build(leaf.Certificate);
        Assert.NotEqual(0, _trap.Hits);
    }

    [Theory]
    [InlineData("Mesh")]
    [InlineData("Management")]
    public async Task A_trusted_clients_urls_are_not_called_either(string role)
    {
        using var leaf = IssueWithUrls(_mesh.Intermediate);
        await using var host = await StartAsync(TestHost.MeshListener(role));

        Assert.True(await Mesh.IsAnsweredAsync(host.EndPoint("mesh"), leaf, TestContext.Current.CancellationToken));
        Assert.True(host.Logged("PeerAccepted"));
        Assert.Equal(0, _trap.Hits);
    }

    [Fact]
    public async Task An_edge_listener_asks_for_no_certificate_and_calls_no_url()
    {
        using var authority = TestCertificateAuthority.Create("stranger");
        using var leaf = IssueWithUrls(authority);
        await using var host = await StartAsync(TestHost.EdgeListener());

        Assert.True(await Mesh.IsAnsweredAsync(host.EndPoint("edge"), leaf, TestContext.Current.CancellationToken));
        Assert.Equal(0, _trap.Hits);
    }

    [Fact]
    public async Task A_forwarded_clients_urls_are_not_called()
    {
        using var authority = TestCertificateAuthority.Create("stranger");
        using var leaf = IssueWithUrls(authority);
        using var proxy = _mesh.Intermediate.Issue("spiffe://example.test/ingress");
        var settings = TestHost.MeshListener();
        settings["ZeroTrust:Listeners:mesh:ForwardingProxies:0"] = "spiffe://example.test/ingress";
        await using var host = await StartAsync(settings);
        using var http = Mesh.Connect(host.EndPoint("mesh"), proxy);
        using var request = ForwardedCertificatesTests.Forward(leaf);
        using var refused = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(0, _trap.Hits);
    }

    private Task<TestHost> StartAsync(Dictionary<string, string?> settings) =>
        TestHost.StartAsync(settings, _mesh, use: app => app.MapGet("/", () => "ok").AllowPublic("test"));

    private TestCertificate IssueWithUrls(TestCertificateAuthority authority)
    {
        var url = $"http://{_trap.EndPoint}/";
        return authority.Issue(options =>
        {
            options.SpiffeId = Mesh.Client;
            options.Extensions.Add(new X509AuthorityInformationAccessExtension([url + "ocsp"], [url + "issuer.cer"]));
            options.Extensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([url + "crl"]));
        });
    }
}
