using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.AspNetCore.Tests.Forwarding;

public sealed class ForwardedCertificatesTests : IDisposable
{
    private const string Proxy = "spiffe://example.test/ingress";

    private readonly Mesh _mesh = new();
    private readonly TestCertificate _proxy;
    private readonly TestCertificate _client;

    public ForwardedCertificatesTests()
    {
        _proxy = _mesh.Intermediate.Issue(Proxy);
        _client = _mesh.Intermediate.Issue(Mesh.Client);
    }

    public static TheoryData<string> MalformedLeaves => new(
        "AAAA", ":AAAA", "AAAA:", "::", ": :", ":AA AA:", ":A-_A:", ":A:", ":AAAA:;a=1", ":AAAA:, :AAAA:", "\"AAAA\"", ":AAAA: :AAAA:",
        "?1");

    public static TheoryData<string> MalformedChains =>
        new(":AAAA:,", ",:AAAA:", ":AAAA: :AAAA:", ":AAAA:,,:AAAA:", "AAAA", ":AAAA:;q=1", "(:AAAA:)");

    public void Dispose()
    {
        _proxy.Dispose();
        _client.Dispose();
        _mesh.Dispose();
    }

    [Theory]
    [InlineData("Mesh", "1.1")]
    [InlineData("Mesh", "2.0")]
    [InlineData("Management", "1.1")]
    public async Task A_client_that_a_listed_proxy_forwards_is_the_peer_of_the_call(string role, string version)
    {
        await using var host = await StartAsync(role);
        using var http = Mesh.Connect(host.EndPoint("mesh"), _proxy, Version.Parse(version));

        Assert.Equal($"{Mesh.Client} through {Proxy}; headers: none", await ReadAsync(http, Forward(_client)));

        var accepted = await host.WaitForEventAsync("ForwardedPeerAccepted");
        Assert.Equal(LogLevel.Debug, accepted.Level);
        Assert.Equal(Mesh.Client, accepted.GetStructuredStateValue("zerotrust.workload"));
        Assert.Equal(Proxy, accepted.GetStructuredStateValue("zerotrust.proxy"));
        Assert.False(host.Logged("CertificateHeaderStripped"));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_forwarded_client_is_gone_with_its_call(string version)
    {
        await using var host = await StartAsync();
        var connections = 0;
        using var http = Mesh.Connect(host.EndPoint("mesh"), _proxy, Version.Parse(version), _ => connections++);
        await ReadAsync(http, Forward(_client));
        using var bare = await SendAsync(http, Bare());

        Assert.Equal(HttpStatusCode.Unauthorized, bare.StatusCode);
        Assert.Equal("aspnetcore.forwarded_certificate_missing", await CodeOfAsync(bare));
        Assert.Equal($"{Mesh.Client} through {Proxy}; headers: none", await ReadAsync(http, Forward(_client)));
        Assert.Equal(1, connections);
    }

    [Fact]
    public async Task A_proxy_that_is_a_peer_too_speaks_for_itself_without_the_header()
    {
        using var both = _mesh.Intermediate.Issue(Mesh.Client);
        using var other = _mesh.Intermediate.Issue("spiffe://example.test/billing");
        await using var host = await StartAsync(settings =>
        {
            settings["ZeroTrust:Listeners:mesh:Peers:1"] = "spiffe://example.test/billing";
            settings["ZeroTrust:Listeners:mesh:ForwardingProxies:0"] = Mesh.Client;
        });
        using var http = Mesh.Connect(host.EndPoint("mesh"), both);

        Assert.Equal($"{Mesh.Client}; headers: none", await ReadAsync(http, Bare()));
        Assert.Equal($"spiffe://example.test/billing through {Mesh.Client}; headers: none", await ReadAsync(http, Forward(other)));
        Assert.Equal($"{Mesh.Client}; headers: none", await ReadAsync(http, Bare()));
    }

    [Fact]
    public async Task A_peer_that_is_no_proxy_is_not_believed_and_its_headers_are_stripped()
    {
        using var other = _mesh.Intermediate.Issue("spiffe://example.test/billing");
        await using var host = await StartAsync(settings => settings["ZeroTrust:Listeners:mesh:Peers:1"] = "spiffe://example.test/billing");
        using var stripped = Stripped(host);
        using var http = Mesh.Connect(host.EndPoint("mesh"), other);

        Assert.Equal("spiffe://example.test/billing; headers: none", await ReadAsync(http, Forward(_client)));

        var audit = await host.WaitForEventAsync("CertificateHeaderStripped");
        Assert.Equal(LogLevel.Warning, audit.Level);
        Assert.Equal("spiffe://example.test/billing", audit.GetStructuredStateValue("Peer"));
        Assert.Equal(
            "client-cert client-cert-chain",
            string.Join(' ', stripped.GetMeasurementSnapshot().Select(measured => measured.Tags["zerotrust.header"])));
    }

    [Fact]
    public async Task A_peer_of_a_listener_without_proxies_is_not_believed()
    {
        await using var host = await TestHost.StartAsync(TestHost.MeshListener(), _mesh, use: Map);
        using var other = _mesh.Intermediate.Issue(Mesh.Client);
        using var http = Mesh.Connect(host.EndPoint("mesh"), other);

        Assert.Equal($"{Mesh.Client}; headers: none", await ReadAsync(http, Forward(_proxy)));
        Assert.True(host.Logged("CertificateHeaderStripped"));
    }

    [Fact]
    public async Task A_proxy_of_one_listener_is_none_on_another()
    {
        var settings = Settings();
        foreach (var (key, value) in TestHost.MeshListener("Management", "admin"))
        {
            settings[key] = value;
        }

        settings["ZeroTrust:Listeners:admin:Peers:1"] = Proxy;
        await using var host = await TestHost.StartAsync(settings, _mesh, use: Map);
        using var http = Mesh.Connect(host.EndPoint("admin"), _proxy);

        Assert.Equal($"{Proxy}; headers: none", await ReadAsync(http, Forward(_client)));
    }

    [Theory]
    [InlineData("edge")]
    [InlineData("probe")]
    public async Task A_client_without_a_certificate_of_its_own_is_not_believed(string listener)
    {
        var settings = Settings();
        foreach (var (key, value) in TestHost.EdgeListener().Concat(TestHost.ProbeListener()))
        {
            settings[key] = value;
        }

        await using var host = await TestHost.StartAsync(settings, _mesh, use: Map);
        using var plain = new HttpClient { BaseAddress = new Uri($"http://{host.EndPoint("probe")}") };
        using var edge = Mesh.Connect(host.EndPoint("edge"), certificate: null);

        Assert.Equal("nobody; headers: none", await ReadAsync(listener == "edge" ? edge : plain, Forward(_client, "/public")));
        Assert.True(host.Logged("CertificateHeaderStripped"));
    }

    [Theory]
    [InlineData("X-Forwarded-Client-Cert")]
    [InlineData("x-client-cert")]
    [InlineData("X-SSL-CLIENT-CERT")]
    [InlineData("SSL-Client-Cert")]
    [InlineData("X-SSL-CERT")]
    [InlineData("X-ARR-ClientCert")]
    [InlineData("X-Amzn-Mtls-Clientcert")]
    [InlineData("X-Amzn-Mtls-Clientcert-A-Very-Long-Name-Of-The-Future")]
    [InlineData("X_Forwarded_Client_Cert")]
    [InlineData("client_cert")]
    [InlineData("Client_Cert-Chain")]
    public async Task Another_spelling_is_stripped_from_everybody_the_proxy_included(string name)
    {
        using var other = _mesh.Intermediate.Issue("spiffe://example.test/billing");
        await using var host = await StartAsync(settings => settings["ZeroTrust:Listeners:mesh:Peers:1"] = "spiffe://example.test/billing");
        var value = Field(other.ToPeerCertificates().LeafDer);
        using var viaProxy = Mesh.Connect(host.EndPoint("mesh"), _proxy);
        using var direct = Mesh.Connect(host.EndPoint("mesh"), _client);

        Assert.Equal($"{Mesh.Client} through {Proxy}; headers: none", await ReadAsync(viaProxy, With(Forward(_client), name, value)));
        Assert.Equal($"{Mesh.Client}; headers: none", await ReadAsync(direct, With(Bare(), name, value)));
        Assert.Equal(2, host.Logs.GetSnapshot().Count(record => record.Id.Name == "CertificateHeaderStripped"));
    }

    [Theory]
    [InlineData("X-Client-Id")]
    [InlineData("X-Amzn-Trace-Id")]
    public async Task A_header_of_another_meaning_stays(string name)
    {
        await using var host = await StartAsync();
        using var http = Mesh.Connect(host.EndPoint("mesh"), _client);

        Assert.Equal($"{Mesh.Client}; headers: {name}", await ReadAsync(http, With(Bare(), name, "1")));
    }

    [Fact]
    public async Task A_forwarded_client_of_another_authority_is_refused_and_its_proxy_goes_on()
    {
        using var stranger = TestCertificateAuthority.Create("stranger");
        using var certificate = stranger.Issue(Mesh.Client);
        await AssertRefusedAsync(Forward(certificate), HttpStatusCode.Unauthorized, "x509.untrusted_anchor");
    }

    [Fact]
    public async Task A_forwarded_client_whose_certificate_has_expired_is_refused()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = _mesh.Intermediate.Issue(options =>
        {
            options.SpiffeId = Mesh.Client;
            options.NotBefore = now.AddHours(-1);
            options.NotAfter = now.AddMinutes(-1);
        });
        await AssertRefusedAsync(Forward(certificate), HttpStatusCode.Unauthorized, "x509.expired");
    }

    [Fact]
    public async Task A_forwarded_client_that_may_only_be_a_server_is_refused()
    {
        using var certificate = _mesh.Intermediate.Issue(options =>
        {
            options.SpiffeId = Mesh.Client;
            options.ClientAuth = false;
        });
        await AssertRefusedAsync(Forward(certificate), HttpStatusCode.Unauthorized, "x509.extended_key_usage_missing");
    }

    [Fact]
    public async Task A_forwarded_client_that_is_not_listed_is_refused()
    {
        using var certificate = _mesh.Intermediate.Issue("spiffe://example.test/reports");
        await AssertRefusedAsync(Forward(certificate), HttpStatusCode.Forbidden, "mtls.peer_not_listed");
    }

    [Fact]
    public async Task A_proxy_that_forwards_itself_is_refused_as_any_client_that_is_not_listed() =>
        await AssertRefusedAsync(Forward(_proxy), HttpStatusCode.Forbidden, "mtls.peer_not_listed");

    [Fact]
    public async Task A_forwarded_client_without_its_intermediate_is_refused() =>
        await AssertRefusedAsync(
            With(Bare(), "Client-Cert", Field(_client.ToPeerCertificates().LeafDer)), HttpStatusCode.Unauthorized, "x509.untrusted_anchor");

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_forwarded_client_that_is_revoked_between_two_calls_is_refused(string version)
    {
        var bundle = new TrustBundle(TrustDomain.Parse(Mesh.Domain), [_mesh.Authority.Certificate], crls: Crls());
        _mesh.Bundles.Replace(new TrustBundleSet(bundle));
        await using var host = await StartAsync();
        using var http = Mesh.Connect(host.EndPoint("mesh"), _proxy, Version.Parse(version));
        Assert.Equal($"{Mesh.Client} through {Proxy}; headers: none", await ReadAsync(http, Forward(_client)));

        _mesh.Bundles.Replace(new TrustBundleSet(bundle.With(Crls(_client))));
        using var refused = await SendAsync(http, Forward(_client));

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("x509.revoked", await CodeOfAsync(refused));
        using var another = _mesh.Intermediate.Issue(Mesh.Client);
        Assert.Equal($"{Mesh.Client} through {Proxy}; headers: none", await ReadAsync(http, Forward(another)));
    }

    [Theory]
    [MemberData(nameof(MalformedLeaves))]
    public async Task A_malformed_certificate_is_refused(string value) =>
        await AssertRefusedAsync(
            With(Bare(), "Client-Cert", value), HttpStatusCode.BadRequest, "aspnetcore.forwarded_certificate_malformed");

    [Fact]
    public async Task A_byte_sequence_that_is_no_certificate_is_refused() =>
        await AssertRefusedAsync(With(Bare(), "Client-Cert", ":AAAA:"), HttpStatusCode.Unauthorized, "x509.malformed");

    [Theory]
    [MemberData(nameof(MalformedChains))]
    public async Task A_malformed_chain_is_refused(string value) =>
        await AssertRefusedAsync(
            With(With(Bare(), "Client-Cert", Field(_client.ToPeerCertificates().LeafDer)), "Client-Cert-Chain", value),
            HttpStatusCode.BadRequest,
            "aspnetcore.forwarded_certificate_malformed");

    [Fact]
    public async Task Two_certificates_are_refused() =>
        await AssertRefusedAsync(
            With(Forward(_client), "Client-Cert", Field(_client.ToPeerCertificates().LeafDer)),
            HttpStatusCode.BadRequest,
            "aspnetcore.forwarded_certificate_malformed");

    [Fact]
    public async Task A_chain_without_a_certificate_is_refused() =>
        await AssertRefusedAsync(
            With(Bare(), "Client-Cert-Chain", Field(_client.ToPeerCertificates().IntermediatesDer[0])),
            HttpStatusCode.BadRequest,
            "aspnetcore.forwarded_certificate_malformed");

    [Fact]
    public async Task A_chain_in_two_lines_is_one_list()
    {
        await using var host = await StartAsync();
        using var http = Mesh.Connect(host.EndPoint("mesh"), _proxy, HttpVersion.Version20);
        var request = With(Forward(_client), "Client-Cert-Chain", Field(_mesh.Authority.Certificate.RawData));

        Assert.Equal($"{Mesh.Client} through {Proxy}; headers: none", await ReadAsync(http, request));
    }

    [Fact]
    public async Task As_many_intermediates_as_are_allowed_are_read_and_one_more_is_refused()
    {
        var most = string.Join(
            ", ", Enumerable.Repeat(Field(_client.ToPeerCertificates().IntermediatesDer[0]), PeerCertificates.MaxIntermediates));
        await using var host = await StartAsync();
        using var http = Mesh.Connect(host.EndPoint("mesh"), _proxy);
        var leaf = Field(_client.ToPeerCertificates().LeafDer);

        Assert.Equal(
            $"{Mesh.Client} through {Proxy}; headers: none",
            await ReadAsync(http, With(With(Bare(), "Client-Cert", leaf), "Client-Cert-Chain", most)));
        using var refused = await SendAsync(http, With(With(Bare(), "Client-Cert", leaf), "Client-Cert-Chain", most + "\t,:AAAA:"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("mtls.too_large", await CodeOfAsync(refused));
    }

    [Fact]
    public async Task A_certificate_above_the_limit_is_refused_where_the_server_lets_it_through()
    {
        await using var host = await StartAsync(
            build: builder => builder.Services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(
            kestrel => kestrel.Limits.MaxRequestHeadersTotalSize = 1024 * 1024));
        using var http = Mesh.Connect(host.EndPoint("mesh"), _proxy);

        using var refused = await SendAsync(http, With(Bare(), "Client-Cert", Field(new byte[PeerCertificates.MaxBytes + 1])));
        Assert.Equal("mtls.too_large", await CodeOfAsync(refused));
        using var parsed = await SendAsync(http, With(Bare(), "Client-Cert", Field(new byte[PeerCertificates.MaxBytes])));
        Assert.Equal("x509.malformed", await CodeOfAsync(parsed));
    }

    [Fact]
    public async Task A_refusal_after_forwarding_names_client_and_proxy()
    {
        await using var host = await StartAsync();
        using var http = Mesh.Connect(host.EndPoint("mesh"), _proxy);
        using var refused = await SendAsync(http, Forward(_client, "/other"));

        Assert.Equal("aspnetcore.peer_not_allowed", await CodeOfAsync(refused));
        var audit = await host.WaitForEventAsync("CallRefused");
        Assert.Equal(Mesh.Client, audit.GetStructuredStateValue("zerotrust.workload"));
        Assert.Equal(Proxy, audit.GetStructuredStateValue("zerotrust.proxy"));
    }

    [Fact]
    public async Task A_connection_is_checked_by_its_proxy()
    {
        var bundle = new TrustBundle(TrustDomain.Parse(Mesh.Domain), [_mesh.Authority.Certificate], crls: Crls());
        _mesh.Bundles.Replace(new TrustBundleSet(bundle));
        await using var host = await StartAsync();
        using var http = Mesh.Connect(host.EndPoint("mesh"), _proxy);
        await ReadAsync(http, Forward(_client));
        _mesh.Bundles.Replace(new TrustBundleSet(bundle.With(Crls(_proxy))));

        using var refused = await SendAsync(http, Forward(_client));
        Assert.Equal("x509.revoked", await CodeOfAsync(refused));
        Assert.Equal(Proxy, (await host.WaitForEventAsync("CallRefused")).GetStructuredStateValue("zerotrust.workload"));
    }

    [Fact]
    public async Task A_stranger_is_no_proxy()
    {
        using var stranger = _mesh.Intermediate.Issue("spiffe://example.test/reports");
        await using var host = await StartAsync();

        Assert.False(await Mesh.IsAnsweredAsync(host.EndPoint("mesh"), stranger, TestContext.Current.CancellationToken));
        Assert.Equal("mtls.peer_not_listed", (await host.WaitForEventAsync("PeerRefused")).GetStructuredStateValue("error.type"));
    }

    [Fact]
    public async Task A_host_that_admits_proxies_and_looks_at_nobody_they_forward_does_not_start()
    {
        await using var app = Careless(Settings());
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("ZeroTrust:Listeners:mesh:ForwardingProxies", failure.Message, StringComparison.Ordinal);

        await using var without = Careless(TestHost.MeshListener());
        await without.StartAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Forwarded_certificates_come_after_the_connections_own_peer()
    {
        var app = new ApplicationBuilder(new ServiceCollection().BuildServiceProvider());

        Assert.Throws<InvalidOperationException>(() => app.UseForwardedCertificates());
        app.UsePeerCurrency().UseForwardedCertificates();
    }

    [Theory]
    [InlineData("Edge", Proxy, "ZeroTrust:Listeners:one:ForwardingProxies: a listener of role Edge verifies no peers, proxies included.")]
    [InlineData("Probe", Proxy, "ZeroTrust:Listeners:one:ForwardingProxies: a listener of role Probe verifies no peers, proxies included.")]
    [InlineData("Mesh", "ingress", "ZeroTrust:Listeners:one:ForwardingProxies:0: 'ingress' is not a workload id.")]
    public void Proxies_that_could_not_be_known_stop_the_host(string role, string proxy, string fault)
    {
        var options = new ListenerOptions
        {
            Url = role == "Probe" ? "http://127.0.0.1:0" : "https://127.0.0.1:0",
            Role = Enum.Parse<ListenerRole>(role),
            ForwardingProxies = [proxy],
            Peers = role == "Mesh" ? [Mesh.Client] : [],
        };
        var faults = new List<string>();

        Assert.Null(Listeners.ListenerPlan.Read("one", options, faults.Add));
        Assert.Equal(fault, Assert.Single(faults));
    }

    [Fact]
    public void Proxies_alone_are_no_peers_of_a_listener()
    {
        var options = new ListenerOptions { Url = "https://127.0.0.1:0", Role = ListenerRole.Mesh, ForwardingProxies = [Proxy] };
        var faults = new List<string>();

        Assert.Null(Listeners.ListenerPlan.Read("one", options, faults.Add));
        Assert.Contains("ZeroTrust:Listeners:one:Peers", Assert.Single(faults), StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Settings()
    {
        var settings = new Dictionary<string, string?>(TestHost.MeshListener(), StringComparer.OrdinalIgnoreCase);
        settings["ZeroTrust:Listeners:mesh:ForwardingProxies:0"] = Proxy;
        return settings;
    }

    private static void Map(WebApplication app)
    {
        const ListenerRoles everywhere = ListenerRoles.Edge | ListenerRoles.Mesh | ListenerRoles.Probe | ListenerRoles.Management;
        app.MapGet("/", Describe).RequirePeer().OnListeners(everywhere);
        app.MapGet("/public", Describe).AllowPublic("shows the headers").OnListeners(everywhere);
        app.MapGet("/other", Describe).RequirePeer("spiffe://example.test/other").OnListeners(everywhere);
    }

    private static string Describe(HttpContext context)
    {
        var peer = context.GetVerifiedPeer()?.ToString() ?? "nobody";
        var through = context.Features.Get<IForwardedPeerFeature>() is { } forwarded ? $" through {forwarded.Proxy}" : string.Empty;
        var names = context.Request.Headers.Keys.Where(name => name is not "Host").ToArray();
        return $"{peer}{through}; headers: {(names.Length == 0 ? "none" : string.Join(' ', names))}";
    }

    internal static string Field(ReadOnlyMemory<byte> der) => $":{Convert.ToBase64String(der.Span)}:";

    private static HttpRequestMessage Bare() => new(HttpMethod.Get, new Uri("/", UriKind.Relative));

    internal static HttpRequestMessage Forward(TestCertificate certificate, string path = "/")
    {
        var certificates = certificate.ToPeerCertificates();
        var request = With(
            new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative)), "Client-Cert", Field(certificates.LeafDer));
        return certificates.IntermediatesDer.Count == 0
            ? request
            : With(request, "Client-Cert-Chain", string.Join(", ", certificates.IntermediatesDer.Select(Field)));
    }

    internal static HttpRequestMessage With(HttpRequestMessage request, string name, string value)
    {
        Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return request;
    }

    private static async Task<string> ReadAsync(HttpClient http, HttpRequestMessage request)
    {
        using var response = await SendAsync(http, request);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, body);
        return body;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpRequestMessage request)
    {
        using var sent = request;
        sent.Version = http.DefaultRequestVersion;
        sent.VersionPolicy = http.DefaultVersionPolicy;
        return await http.SendAsync(sent, TestContext.Current.CancellationToken);
    }

    private static async Task<string?> CodeOfAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var problem = System.Text.Json.JsonDocument.Parse(body);
        return problem.RootElement.GetProperty("code").GetString();
    }

    /// <summary>A host whose author composed the pipeline and forgot.</summary>
    private WebApplication Careless(Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Test" });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IPeerCredentialSource>(_mesh.Credentials);
        builder.Services.AddSingleton<ITrustBundleSource>(_mesh.Bundles);
        builder.Services.AddZeroTrust().AddListeners().AddMtls(options => options.TrustDomain = Mesh.Domain);
        var app = builder.Build();
        app.UseListenerGuard();
        app.UsePeerCurrency();
        return app;
    }

    private CrlSet Crls(params IEnumerable<TestCertificate> revoked) =>
        new([_mesh.Authority.IssueCrl([]), _mesh.Intermediate.IssueCrl(revoked.Select(certificate => certificate.Certificate))]);

    private static MetricCollector<long> Stripped(TestHost host) =>
        new(host.Services.GetRequiredService<IMeterFactory>(), "ZeroTrust.AspNetCore", "zerotrust.aspnetcore.certificate_headers.stripped");

    private Task<TestHost> StartAsync(Action<Dictionary<string, string?>>? configure = null, Action<WebApplicationBuilder>? build = null)
    {
        var settings = Settings();
        configure?.Invoke(settings);
        return TestHost.StartAsync(settings, _mesh, build, Map);
    }

    private Task<TestHost> StartAsync(string role) => StartAsync(settings => settings["ZeroTrust:Listeners:mesh:Role"] = role);

    /// <summary>The call is refused, and the next one on the same connection, of the accepted client, is served.</summary>
    private async Task AssertRefusedAsync(HttpRequestMessage request, HttpStatusCode status, string code)
    {
        await using var host = await StartAsync();
        var connections = 0;
        using var http = Mesh.Connect(host.EndPoint("mesh"), _proxy, connected: _ => connections++);
        using var refused = await SendAsync(http, request);

        Assert.Equal(code, await CodeOfAsync(refused));
        Assert.Equal(status, refused.StatusCode);
        var audit = await host.WaitForEventAsync("CallRefused");
        Assert.Equal(code, audit.GetStructuredStateValue("error.type"));
        Assert.Equal(Proxy, audit.GetStructuredStateValue("zerotrust.workload"));

        Assert.Equal($"{Mesh.Client} through {Proxy}; headers: none", await ReadAsync(http, Forward(_client)));
        Assert.Equal(1, connections);
    }
}
