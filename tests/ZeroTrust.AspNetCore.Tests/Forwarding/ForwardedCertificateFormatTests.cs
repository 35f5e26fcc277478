using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore.Tests.Proxies;
using ZeroTrust.Testing;

namespace ZeroTrust.AspNetCore.Tests.Forwarding;

/// <summary>What proxies write that do not write RFC 9440, and listeners that are told so.</summary>
public sealed class ForwardedCertificateFormatTests : IDisposable
{
    private const string Proxy = ProxiedMesh.ProxyId;

    private readonly ProxiedMesh _peers = new();
    private readonly TestCertificateAuthority _second;
    private readonly TestCertificate _deep;

    public ForwardedCertificateFormatTests()
    {
        _second = _peers.Mesh.Intermediate.CreateIntermediate("second intermediate");
        _deep = _second.Issue(Mesh.Client);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private byte[] Joined => [.. _second.Certificate.RawData, .. _peers.Mesh.Intermediate.Certificate.RawData];

    public void Dispose()
    {
        _deep.Dispose();
        _second.Dispose();
        _peers.Dispose();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Envoys_header_is_read_where_the_listener_says_so(string version)
    {
        await using var host = await StartAsync("Xfcc");
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Proxy, Version.Parse(version));

        Assert.Equal($"{Mesh.Client} through {Proxy}", await AskAsync(http, ("X-Forwarded-Client-Cert", Xfcc(_peers.Client))));
        Assert.Equal($"{Mesh.Client} through {Proxy}", await AskAsync(http, ("X-Forwarded-Client-Cert", Xfcc(_deep))));
    }

    [Fact]
    public async Task Names_in_Envoys_header_are_not_believed()
    {
        using var stranger = TestCertificateAuthority.Create("stranger");
        using var forged = stranger.Issue(Mesh.Client);
        using var other = _peers.Mesh.Intermediate.Issue("spiffe://example.test/reports");
        await using var host = await StartAsync("Xfcc");
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Proxy);

        Assert.Equal(
            "401 aspnetcore.forwarded_certificate_missing",
            await AskAsync(http, ("X-Forwarded-Client-Cert", $"By=a;Hash=00;URI={Mesh.Client}")));
        Assert.Equal("401 x509.untrusted_anchor", await AskAsync(http, ("X-Forwarded-Client-Cert", Xfcc(forged))));
        Assert.Equal("403 mtls.peer_not_listed", await AskAsync(http, ("X-Forwarded-Client-Cert", Xfcc(other) + $";URI={Mesh.Client}")));
        Assert.Equal(
            "400 aspnetcore.forwarded_certificate_malformed",
            await AskAsync(http, ("X-Forwarded-Client-Cert", $"{Xfcc(_peers.Client)},{Xfcc(_peers.Client)}")));
    }

    [Fact]
    public async Task A_listener_reads_one_format_and_removes_the_other()
    {
        await using var envoys = await StartAsync("Xfcc");
        await using var standard = await StartAsync("Rfc9440");
        using var envoy = Mesh.Connect(envoys.EndPoint("mesh"), _peers.Proxy);
        using var other = Mesh.Connect(standard.EndPoint("mesh"), _peers.Proxy);

        Assert.Equal("401 aspnetcore.forwarded_certificate_missing", await AskAsync(envoy, Standard(_peers.Client)));
        Assert.Equal(
            "401 aspnetcore.forwarded_certificate_missing", await AskAsync(other, ("X-Forwarded-Client-Cert", Xfcc(_peers.Client))));
        using var billing = _peers.Mesh.Intermediate.Issue("spiffe://example.test/billing");
        Assert.Equal(
            $"{Mesh.Client} through {Proxy}",
            await AskAsync(envoy, [("X-Forwarded-Client-Cert", Xfcc(_peers.Client)), .. Standard(billing)]));
        Assert.Equal(
            $"{Mesh.Client} through {Proxy}",
            await AskAsync(other, [("X-Forwarded-Client-Cert", Xfcc(billing)), .. Standard(_peers.Client)]));
        Assert.True(envoys.Logged("CertificateHeaderStripped"));
        Assert.True(standard.Logged("CertificateHeaderStripped"));
    }

    [Fact]
    public async Task Envoys_header_of_a_peer_that_is_no_proxy_is_removed()
    {
        using var billing = _peers.Mesh.Intermediate.Issue("spiffe://example.test/billing");
        await using var host = await StartAsync("Xfcc");
        using var http = Mesh.Connect(host.EndPoint("mesh"), billing);

        Assert.Equal("spiffe://example.test/billing", await AskAsync(http, ("X-Forwarded-Client-Cert", Xfcc(_peers.Client))));
        Assert.True(host.Logged("CertificateHeaderStripped"));
    }

    [Fact]
    public async Task Joined_certificates_are_refused_by_the_standard_with_the_header_and_the_setting()
    {
        await using var host = await StartAsync("Rfc9440");
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Proxy);

        Assert.Equal(
            "400 aspnetcore.forwarded_certificate_malformed",
            await AskAsync(http, [Standard(_deep)[0], ("Client-Cert-Chain", Field(Joined))]));
        var refused = (string?)(await host.WaitForEventAsync("CallRefused")).GetStructuredStateValue("zerotrust.detail");
        Assert.Contains("Client-Cert-Chain", refused, StringComparison.Ordinal);
        Assert.Contains("Rfc9440JoinedChain", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Joined_certificates_are_read_where_the_listener_says_so()
    {
        await using var host = await StartAsync("Rfc9440JoinedChain");
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Proxy);

        Assert.Equal($"{Mesh.Client} through {Proxy}", await AskAsync(http, [Standard(_deep)[0], ("Client-Cert-Chain", Field(Joined))]));
        Assert.Equal($"{Mesh.Client} through {Proxy}", await AskAsync(http, Standard(_peers.Client)));
        Assert.Equal($"{Mesh.Client} through {Proxy}", await AskAsync(http, Standard(_deep)));
        Assert.Equal(
            $"{Mesh.Client} through {Proxy}",
            await AskAsync(
                http,
                Standard(_deep)[0],
                ("Client-Cert-Chain", Field(_second.Certificate.RawData)),
                ("Client-Cert-Chain", Field(_peers.Mesh.Intermediate.Certificate.RawData))));
    }

    [Theory]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0x30 })]
    [InlineData(new byte[] { 0x30, 0x84, 0x7F, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0x04, 0x00 })]
    public async Task What_follows_joined_certificates_is_refused_with_them(byte[] tail)
    {
        await using var host = await StartAsync("Rfc9440JoinedChain");
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Proxy);

        Assert.Equal(
            "401 x509.malformed", await AskAsync(http, [Standard(_deep)[0], ("Client-Cert-Chain", Field((byte[])[.. Joined, .. tail]))]));
    }

    [Fact]
    public async Task A_leaf_is_one_certificate_also_where_chains_are_joined()
    {
        await using var host = await StartAsync("Rfc9440JoinedChain");
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Proxy);
        byte[] both = [.. _peers.Client.ToPeerCertificates().LeafDer.Span, .. _peers.Mesh.Intermediate.Certificate.RawData];

        Assert.Equal("401 x509.malformed", await AskAsync(http, ("Client-Cert", Field(both))));
    }

    [Fact]
    public async Task More_joined_certificates_than_are_allowed_are_refused()
    {
        await using var host = await StartAsync("Rfc9440JoinedChain");
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Proxy);
        var intermediate = _peers.Mesh.Intermediate.Certificate.RawData;
        byte[] Times(int count) => [.. Enumerable.Repeat(intermediate, count).SelectMany(static der => der)];

        Assert.Equal(
            $"{Mesh.Client} through {Proxy}", await AskAsync(http, [Standard(_peers.Client)[0], ("Client-Cert-Chain", Field(Times(10)))]));
        Assert.Equal("400 mtls.too_large", await AskAsync(http, [Standard(_peers.Client)[0], ("Client-Cert-Chain", Field(Times(11)))]));
    }

    [Theory]
    [InlineData("Rfc9440")]
    [InlineData("Rfc9440JoinedChain")]
    public async Task An_empty_chain_is_told_to_be_that_of_a_resumed_session(string format)
    {
        await using var host = await StartAsync(format);
        using var http = Mesh.Connect(host.EndPoint("mesh"), _peers.Proxy);

        Assert.Equal(
            "401 aspnetcore.forwarded_chain_empty", await AskAsync(http, [Standard(_peers.Client)[0], ("Client-Cert-Chain", "::")]));
        var refused = await host.WaitForEventAsync("CallRefused");
        Assert.Contains("resumed", (string?)refused.GetStructuredStateValue("zerotrust.detail"), StringComparison.Ordinal);
        Assert.Equal(
            "400 aspnetcore.forwarded_certificate_malformed",
            await AskAsync(http, [Standard(_peers.Client)[0], ("Client-Cert-Chain", ":AAAA:, ::")]));
    }

    [Theory]
    [InlineData("Traefik", "'Traefik' is not one of Rfc9440, Rfc9440JoinedChain, Xfcc")]
    [InlineData("7", "'7' is not one of")]
    public async Task A_format_that_is_none_stops_the_host(string format, string error)
    {
        var exception = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => StartAsync(format));

        Assert.Contains("ZeroTrust:Listeners:mesh:ForwardedCertificate: " + error, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_format_without_proxies_stops_the_host()
    {
        var faults = new List<string>();
        var options = new ListenerOptions
        {
            Url = "https://127.0.0.1:0",
            Role = ListenerRole.Mesh,
            Peers = [Mesh.Client],
            ForwardedCertificate = ForwardedCertificateFormat.Xfcc,
        };

        Assert.Null(Listeners.ListenerPlan.Read("one", options, faults.Add));
        Assert.StartsWith("ZeroTrust:Listeners:one:ForwardedCertificate: ", Assert.Single(faults), StringComparison.Ordinal);
    }

    private static string Field(ReadOnlyMemory<byte> der) => ForwardedCertificatesTests.Field(der);

    private static (string Name, string Value)[] Standard(TestCertificate certificate)
    {
        var certificates = certificate.ToPeerCertificates();
        return
        [
            ("Client-Cert", Field(certificates.LeafDer)),
            ("Client-Cert-Chain", string.Join(", ", certificates.IntermediatesDer.Select(Field))),
        ];
    }

    private static string Xfcc(TestCertificate certificate)
    {
        var certificates = certificate.ToPeerCertificates();
        var chain = string.Concat(certificates.IntermediatesDer.Prepend(certificates.LeafDer).Select(XfccFieldTests.Encode));
        return $"By={Proxy};Hash={certificates.LeafSha256};Cert=\"{XfccFieldTests.Encode(certificates.LeafDer)}\";Chain=\"{chain}\"";
    }

    private static async Task<string> AskAsync(HttpClient http, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/", UriKind.Relative))
        {
            Version = http.DefaultRequestVersion,
            VersionPolicy = http.DefaultVersionPolicy,
        };
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var response = await http.SendAsync(request, Cancelled);
        var body = await response.Content.ReadAsStringAsync(Cancelled);
        if (response.IsSuccessStatusCode)
        {
            return body;
        }

        using var problem = System.Text.Json.JsonDocument.Parse(body);
        return $"{(int)response.StatusCode} {problem.RootElement.GetProperty("code").GetString()}";
    }

    private Task<TestHost> StartAsync(string format)
    {
        var settings = TestHost.MeshListener();
        settings["ZeroTrust:Listeners:mesh:Peers:1"] = "spiffe://example.test/billing";
        settings["ZeroTrust:Listeners:mesh:ForwardingProxies:0"] = Proxy;
        settings["ZeroTrust:Listeners:mesh:ForwardedCertificate"] = format;
        return TestHost.StartAsync(settings, _peers.Mesh, use: app => app.MapGet("/", Describe).RequirePeer());
    }

    private static string Describe(HttpContext context) => context.Features.Get<IForwardedPeerFeature>() is { } forwarded
        ? $"{context.GetVerifiedPeer()} through {forwarded.Proxy}"
        : context.GetVerifiedPeer()!.ToString();
}
