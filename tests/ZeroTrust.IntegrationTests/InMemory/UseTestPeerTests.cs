using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;
using ZeroTrust.Testing;

namespace ZeroTrust.IntegrationTests.InMemory;

public sealed class UseTestPeerTests : IDisposable
{
    private const string Gateway = "spiffe://example.test/gateway";
    private const string Reports = "spiffe://example.test/reports";

    private readonly TestPeers _peers = new("spiffe://example.test/orders");

    public void Dispose() => _peers.Dispose();

    [Fact]
    public async Task A_peer_the_endpoint_names_is_served_and_sees_nothing_of_the_test()
    {
        await using var app = await StartAsync();

        Assert.Equal((HttpStatusCode.OK, $"{Gateway} on test"), await CallAsync(app, _peers.As(Gateway)));
    }

    [Fact]
    public async Task Another_peer_is_refused()
    {
        await using var app = await StartAsync();

        Assert.Equal((HttpStatusCode.Forbidden, "aspnetcore.peer_not_allowed"), await CallAsync(app, _peers.As(Reports)));
    }

    [Fact]
    public async Task Nobody_is_refused_on_the_mesh_and_served_where_the_edge_is_public()
    {
        await using var app = await StartAsync();

        Assert.Equal((HttpStatusCode.Unauthorized, "aspnetcore.peer_required"), await CallAsync(app, _peers.AsNobody()));
        Assert.Equal((HttpStatusCode.Unauthorized, "aspnetcore.peer_required"), await CallAsync(app, _peers.AsNobody(), "/version"));
        Assert.Equal((HttpStatusCode.OK, "1"), await CallAsync(app, _peers.AsNobody(ListenerRole.Edge), "/version"));
    }

    [Fact]
    public async Task A_client_without_a_handler_is_the_caller_the_host_was_given_or_nobody()
    {
        await using var app = await StartAsync(caller: Gateway);
        await using var other = await StartAsync();

        Assert.Equal((HttpStatusCode.OK, $"{Gateway} on test"), await CallAsync(app));
        Assert.Equal((HttpStatusCode.Unauthorized, "aspnetcore.peer_required"), await CallAsync(other));
    }

    [Fact]
    public async Task An_expired_peer_is_refused_by_the_verifier_of_the_service()
    {
        await using var app = await StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        var expired = _peers.As(leaf =>
        {
            leaf.SpiffeId = Gateway;
            leaf.NotBefore = now.AddHours(-1);
            leaf.NotAfter = now.AddMinutes(-1);
        });

        Assert.Equal((HttpStatusCode.Unauthorized, "x509.expired"), await CallAsync(app, expired));
    }

    [Fact]
    public async Task A_peer_of_another_authority_is_refused()
    {
        using var stranger = TestCertificateAuthority.Create("stranger");
        using var certificate = stranger.Issue(Gateway);
        await using var app = await StartAsync();

        Assert.Equal((HttpStatusCode.Unauthorized, "x509.untrusted_anchor"), await CallAsync(app, _peers.As(certificate)));
    }

    [Fact]
    public async Task A_revoked_peer_is_refused_from_then_on_and_others_are_not()
    {
        await using var app = await StartAsync();
        Assert.Equal((HttpStatusCode.OK, $"{Gateway} on test"), await CallAsync(app, _peers.As(Gateway)));
        _peers.Revoke(Gateway);

        Assert.Equal((HttpStatusCode.Unauthorized, "x509.revoked"), await CallAsync(app, _peers.As(Gateway)));
        Assert.Equal((HttpStatusCode.OK, $"{Gateway} on test"), await CallAsync(app, _peers.As(leaf => leaf.SpiffeId = Gateway)));
    }

    [Fact]
    public async Task Listeners_and_files_of_the_service_are_not_needed_and_its_list_of_peers_is_asked()
    {
        await using var app = await StartAsync(new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["ZeroTrust:Listeners:internal:Url"] = "https://127.0.0.1:7001",
            ["ZeroTrust:Listeners:internal:Role"] = "Mesh",
            ["ZeroTrust:Listeners:internal:Peers:0"] = Gateway,
            ["ZeroTrust:Listeners:public:Url"] = "https://127.0.0.1:7000",
            ["ZeroTrust:Listeners:public:Role"] = "Edge",
            ["ZeroTrust:Listeners:public:CertificateFile"] = "/run/certificates/edge.pem",
            ["ZeroTrust:Listeners:public:KeyFile"] = "/run/certificates/edge.key",
            ["ZeroTrust:Mtls:TrustDomain"] = "production.example",
            ["ZeroTrust:Mtls:Credential:CertificateFile"] = "/run/certificates/orders.pem",
            ["ZeroTrust:Mtls:Credential:KeyFile"] = "/run/certificates/orders.key",
            ["ZeroTrust:Mtls:TrustDomains:production.example:AnchorFile"] = "/run/certificates/ca.pem",
        });

        Assert.Equal((HttpStatusCode.OK, $"{Gateway} on internal"), await CallAsync(app, _peers.As(Gateway)));
        Assert.Equal((HttpStatusCode.Forbidden, "mtls.peer_not_listed"), await CallAsync(app, _peers.As(Reports)));
    }

    private static async Task<(HttpStatusCode Status, string? Body)> CallAsync(WebApplication app, DelegatingHandler? caller = null, string path = "/")
    {
        var server = app.GetTestServer().CreateHandler();
        caller?.InnerHandler = server;
        using var http = new HttpClient(caller ?? server) { BaseAddress = new Uri("https://localhost") };
        return await http.CallAsync(path);
    }

    private async Task<WebApplication> StartAsync(Dictionary<string, string?>? settings = null, string? caller = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Testing" });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        builder.AddZeroTrustDefaults();
        builder.WebHost.UseTestServer().UseTestPeer(_peers, caller);
        var app = builder.Build();
        app.UseZeroTrust();
        app.MapGet("/", (HttpContext context) =>
        {
            Assert.DoesNotContain(context.Request.Headers.Keys, name => name.Contains("test", StringComparison.OrdinalIgnoreCase));
            return $"{context.GetVerifiedPeer()} on {context.GetListener()?.Name}";
        }).RequirePeer(Gateway);
        app.MapGet("/version", () => "1").AllowPublic("no secret");
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
