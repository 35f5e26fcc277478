using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests;

/// <summary>The audit of served calls says for which tenant and subject, and keeps the subject under a name that redaction knows.</summary>
public sealed class ServedCallFactsTests
{
    [Fact]
    public async Task A_call_served_by_a_context_is_told_with_its_tenant_subject_and_decision()
    {
        await using var host = await StartAsync();
        using var client = host.Peer(MeshHost.Gateway).Client();

        Assert.Equal((200, string.Empty), await client.AskAsync(Requests.Get("/tenants/acme/orders", host.Peer(MeshHost.Gateway).Send())));

        var served = await ServedAsync(host);
        Assert.Equal("acme", served.GetStructuredStateValue("zerotrust.tenant"));
        Assert.Equal("idp/alice", served.GetStructuredStateValue("enduser.id"));
        Assert.Equal(MeshHost.Gateway, served.GetStructuredStateValue("zerotrust.workload"));
        Assert.Equal("/tenants/{tenant}/orders", served.GetStructuredStateValue("http.route"));
        Assert.Equal("permission orders:read, tenant of route value 'tenant'", served.GetStructuredStateValue("zerotrust.decision"));
    }

    [Theory]
    [InlineData("/tenants/globex/orders", 403)]
    [InlineData("/manage", 404)]
    public async Task A_call_refused_for_its_context_is_not_told_as_served(string path, int status)
    {
        await using var host = await StartAsync();
        using var client = host.Peer(MeshHost.Gateway).Client();

        Assert.Equal(status, (await client.AskAsync(Requests.Get(path, host.Peer(MeshHost.Gateway).Send()))).Status);
        await client.AskAsync(Requests.Get("/peer"));

        var served = await ServedAsync(host);
        Assert.Equal("/peer", served.GetStructuredStateValue("http.route"));
        Assert.Equal("none", served.GetStructuredStateValue("enduser.id"));
    }

    [Fact]
    public async Task An_anonymous_call_is_told_without_a_workload_or_a_tenant()
    {
        await using var host = await StartAsync();
        using var client = host.Client("edge");

        Assert.Equal((200, string.Empty), await client.AskAsync(Requests.Get("/headers").With("X-Tenant-ID", "acme")));

        var served = await ServedAsync(host);
        Assert.Equal("none", served.GetStructuredStateValue("zerotrust.workload"));
        Assert.Equal("none", served.GetStructuredStateValue("zerotrust.tenant"));
        Assert.Equal("edge", served.GetStructuredStateValue("zerotrust.listener"));
    }

    private static Task<MeshHost> StartAsync() =>
        MeshHost.StartAsync(OrdersService.Map, builder => builder.Services.Configure<ListenersOptions>(options =>
    {
        options.Listeners["mesh"].AuditServedCalls = true;
        options.Listeners["edge"].AuditServedCalls = true;
    }));

    private static async Task<FakeLogRecord> ServedAsync(MeshHost host)
    {
        await Eventually.TrueAsync(() => host.Logs.GetSnapshot().Any(record => record.Id.Name == "CallServed"), "No served call was told.");
        return Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Name == "CallServed");
    }
}
