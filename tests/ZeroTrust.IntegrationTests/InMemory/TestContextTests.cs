using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz;
using ZeroTrust.Testing;

namespace ZeroTrust.IntegrationTests.InMemory;

/// <summary>Contexts of callers of a service in memory: minted, handed on and verified as on a real mesh.</summary>
public sealed class TestContextTests : IAsyncLifetime
{
    private const string Orders = "spiffe://example.test/orders";
    private const string Gateway = "spiffe://example.test/gateway";
    private const string Billing = "spiffe://example.test/billing";
    private const string Legacy = "spiffe://example.test/legacy";

    private readonly TestPeers _peers = new(Orders);
    private WebApplication _app = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Testing" });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ZeroTrust:Authz:MintGrants:0:Workload"] = Gateway,
            ["ZeroTrust:Authz:MintGrants:0:Tenants:0"] = "acme",
            ["ZeroTrust:Authz:MintGrants:0:SubjectKinds:0"] = "User",
            ["ZeroTrust:Authz:MintGrants:0:Permissions:0"] = "orders:read",
            ["ZeroTrust:Authz:MintGrants:0:MaxLifetime"] = "00:01:00",
        });
        builder.Logging.ClearProviders();
        builder.AddZeroTrustDefaults();
        builder.WebHost.UseTestServer().UseTestPeer(_peers);
        _app = builder.Build();
        _app.UseZeroTrust();
        _app.MapGet("/orders", (AuthzContext context) => $"{context.Tenant} {context.Subject} {context.Permissions} via {string.Join(' ', context.CallChain)}")
            .RequirePermission("orders:read");
        _peers.ContextLifetime = TimeSpan.FromSeconds(60);
        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _peers.Dispose();
    }

    [Fact]
    public async Task A_peer_that_may_mint_brings_its_context() => Assert.Equal(
        (HttpStatusCode.OK, $"acme idp/alice orders:read via {Gateway} {Orders}"),
        await CallAsync(_peers.As(Gateway).WithContext("acme", "idp/alice", "orders:read")));

    [Fact]
    public async Task A_peer_hands_on_what_another_workload_minted() => Assert.Equal(
        (HttpStatusCode.OK, $"acme idp/alice orders:read via {Gateway} {Billing} {Orders}"),
        await CallAsync(_peers.As(Billing).WithContextOf(Gateway, "acme", "idp/alice", "orders:read")));

    [Fact]
    public async Task A_certificate_of_any_look_brings_a_context() => Assert.Equal(
        (HttpStatusCode.OK, $"acme idp/alice orders:read via {Gateway} {Orders}"),
        await CallAsync(_peers.As(leaf => leaf.SpiffeId = Gateway).WithContext("acme", "idp/alice", "orders:read")));

    [Theory]
    [InlineData(Billing, "acme", "idp/alice", "orders:read", "authz.mint_grant_missing")]
    [InlineData(Gateway, "globex", "idp/alice", "orders:read", "authz.mint_tenant_not_granted")]
    [InlineData(Gateway, "acme", "system:job", "orders:read", "authz.mint_subject_kind_not_granted")]
    [InlineData(Gateway, "acme", "idp/alice", "orders:write", "authz.mint_permission_not_granted")]
    [InlineData(Gateway, "acme", "idp/alice", null, "authz.permission_missing")]
    public async Task The_grants_and_decisions_of_the_service_decide(string peer, string tenant, string subject, string? permission, string code) => Assert.Equal(
        (HttpStatusCode.Forbidden, code),
        await CallAsync(_peers.As(peer).WithContext(tenant, subject, permission is null ? [] : [permission])));

    [Fact]
    public async Task A_minter_without_grant_is_refused_behind_another_peer_too() => Assert.Equal(
        (HttpStatusCode.Forbidden, "authz.mint_grant_missing"),
        await CallAsync(_peers.As(Gateway).WithContextOf(Legacy, "acme", "idp/alice", "orders:read")));

    [Fact]
    public async Task A_context_that_lasts_longer_than_the_grant_is_refused()
    {
        _peers.ContextLifetime = TimeSpan.FromSeconds(61);

        Assert.Equal((HttpStatusCode.Forbidden, "authz.mint_lifetime_not_granted"), await CallAsync(_peers.As(Gateway).WithContext("acme", "idp/alice", "orders:read")));
    }

    [Fact]
    public async Task A_revoked_minter_is_refused_behind_a_good_peer()
    {
        var billing = _peers.As(Billing).WithContextOf(Gateway, "acme", "idp/alice", "orders:read");
        _peers.Revoke(Gateway);

        Assert.Equal((HttpStatusCode.Unauthorized, "authz.signer_untrusted"), await CallAsync(billing));
    }

    [Fact]
    public async Task Without_a_context_or_on_the_edge_there_is_none()
    {
        using var certificate = _peers.Authority.Issue(Gateway);

        Assert.Equal((HttpStatusCode.Unauthorized, "authz.context_missing"), await CallAsync(_peers.As(Gateway)));
        Assert.Equal((HttpStatusCode.Unauthorized, "authz.context_missing"), await CallAsync(_peers.As(certificate, ListenerRole.Edge).WithContext("acme", "idp/alice", "orders:read")));
    }

    [Fact]
    public void What_is_no_context_is_told_to_the_test()
    {
        Assert.Throws<FormatException>(() => _peers.As(Gateway).WithContext("Acme", "idp/alice"));
        Assert.Throws<FormatException>(() => _peers.As(Gateway).WithContext("acme", string.Empty));
        Assert.Throws<FormatException>(() => _peers.As(Gateway).WithContext("acme", "idp/alice", "*"));
        Assert.Throws<FormatException>(() => _peers.As(Gateway).WithContextOf("gateway", "acme", "idp/alice"));
    }

    private async Task<(HttpStatusCode Status, string? Body)> CallAsync(DelegatingHandler caller)
    {
        caller.InnerHandler = _app.GetTestServer().CreateHandler();
        using var http = new HttpClient(caller) { BaseAddress = new Uri("https://localhost") };
        return await http.CallAsync("/orders");
    }
}
