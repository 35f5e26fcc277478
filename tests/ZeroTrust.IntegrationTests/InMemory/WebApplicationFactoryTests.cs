extern alias snippets;

using System.Net;

// snippet: TestPeerUsings
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using ZeroTrust.Testing;
// end
using Program = snippets::Program;

namespace ZeroTrust.IntegrationTests.InMemory;

/// <summary>The service of the README, unchanged, in memory.</summary>
public sealed class WebApplicationFactoryTests
{
    [Fact]
    public async Task A_service_in_memory_has_callers_that_are_verified()
    {
        await using var service = new ServiceFactory();

        // snippet: TestPeer
        using var peers = new TestPeers("spiffe://example.test/orders");
        await using var factory = service.WithWebHostBuilder(host => host.UseTestPeer(peers));

        var gateway = factory.CreateDefaultClient(new Uri("https://localhost"), peers.As("spiffe://example.test/gateway"));
        var nobody = factory.CreateDefaultClient(new Uri("https://localhost"), peers.AsNobody());
        peers.Revoke("spiffe://example.test/billing");
        var revoked = factory.CreateDefaultClient(new Uri("https://localhost"), peers.As("spiffe://example.test/billing"));
        // end

        // The verified peer comes as far as the next check, the one of its context.
        Assert.Equal((HttpStatusCode.Unauthorized, "authz.context_missing"), await gateway.CallAsync("/orders/7"));
        Assert.Equal((HttpStatusCode.Unauthorized, "aspnetcore.peer_required"), await nobody.CallAsync("/orders/7"));
        Assert.Equal((HttpStatusCode.Unauthorized, "x509.revoked"), await revoked.CallAsync("/orders/7"));
    }

    [Fact]
    public async Task A_service_in_memory_has_callers_whose_contexts_are_verified()
    {
        await using var service = new ServiceFactory();
        using var peers = new TestPeers("spiffe://example.test/orders");
        await using var factory = service.WithWebHostBuilder(host => host.UseTestPeer(peers));

        // snippet: TestContexts
        var gateway = peers.As("spiffe://example.test/gateway").WithContext("acme", "idp/alice", "orders:read");
        var alice = factory.CreateDefaultClient(new Uri("https://localhost"), gateway);

        var billing = peers.As("spiffe://example.test/billing").WithContextOf("spiffe://example.test/gateway", "acme", "idp/alice");
        var without = factory.CreateDefaultClient(new Uri("https://localhost"), billing);
        // end

        Assert.Equal((HttpStatusCode.OK, "order 7 of acme, read by idp/alice"), await alice.CallAsync("/orders/7"));
        Assert.Equal((HttpStatusCode.Forbidden, "authz.permission_missing"), await without.CallAsync("/orders/7"));
    }

    /// <summary>Brings what the README's service has in its settings.</summary>
    private sealed class ServiceFactory : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
            .UseSetting("ZeroTrust:Oidc:Issuers:main:Authority", "https://login.example.test/")
            .UseSetting("ZeroTrust:Oidc:Issuers:main:Audience", "orders")
            .UseSetting("ZeroTrust:HealthChecks:Dependencies:oidc.keys.main:Critical", "false") // there is no such issuer
            .UseSetting("ZeroTrust:Authz:MintGrants:0:Workload", "spiffe://example.test/gateway")
            .UseSetting("ZeroTrust:Authz:MintGrants:0:Tenants:0", "acme")
            .UseSetting("ZeroTrust:Authz:MintGrants:0:SubjectKinds:0", "User")
            .UseSetting("ZeroTrust:Authz:MintGrants:0:Permissions:0", "orders:read");
    }
}
