using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.AspNetCore.Builder;
using ZeroTrust.Authz.AspNetCore.Diagnostics;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests;

/// <summary>A rollout that reports serves what contexts and decisions over them would refuse, tells it, and ends by itself.</summary>
public sealed class ReportOnlyTests : IAsyncLifetime
{
    private static readonly TimeSpan Rollout = TimeSpan.FromMinutes(10);

    private MeshHost _host = null!;
    private MeshPeer _gateway = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await MeshHost.StartAsync(
            app =>
            {
                app.MapGet("/tenants/{tenant}", () => "served").RequireTenant("tenant");
                app.MapGet("/written", () => "served").RequirePermission("orders:write");
                app.MapGet("/careless", (AuthzContext context) => context.Tenant.ToString()).RequireContext();
                app.MapGet("/peer", () => "served").RequirePeer(MeshHost.Billing);
            },
            builder => builder.Services.AddZeroTrust().DangerousAuthz(dangers =>
                dangers.ReportOnly(TimeProvider.System.GetUtcNow() + Rollout, "callers learn to send contexts")));
        _gateway = _host.Peer(MeshHost.Gateway);
        _client = _gateway.Client();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("/tenants/acme", false, "authz.context_missing")]
    [InlineData("/tenants/globex", true, "authz.tenant_mismatch")]
    [InlineData("/written", true, "authz.permission_missing")]
    public async Task What_would_be_refused_is_served_and_told_until_the_rollout_ends(string path, bool withContext, string code)
    {
        using var counted = new MetricCollector<long>(
            _host.Services.GetRequiredService<IMeterFactory>(), AuthzEndpointsTelemetry.MeterName, "zerotrust.authz.calls.would_refuse");

        Assert.Equal((200, string.Empty), await _client.AskAsync(Request()));

        var told = Assert.Single(_host.Logs.GetSnapshot(), record => record.Id.Name == "WouldRefuse");
        Assert.Contains(code, told.Message, StringComparison.Ordinal);
        Assert.Equal(code, Assert.Single(counted.GetMeasurementSnapshot()).Tags["error.type"]);
        Assert.DoesNotContain(_host.Logs.GetSnapshot(), record => record.Id.Name == "CallRefused");

        _host.Clock.Advance(Rollout + TimeSpan.FromMinutes(1));
        Assert.Equal(code, (await _client.AskAsync(Request())).Code);

        HttpRequestMessage Request() => Requests.Get(path, withContext ? _gateway.Send() : null);
    }

    [Fact]
    public async Task What_is_accepted_is_not_told()
    {
        Assert.Equal((200, string.Empty), await _client.AskAsync(Requests.Get("/tenants/acme", _gateway.Send())));
        Assert.DoesNotContain(_host.Logs.GetSnapshot(), record => record.Id.Name == "WouldRefuse");
    }

    [Fact]
    public async Task A_context_that_is_not_believed_is_none()
    {
        var headers = _gateway.Send(to: MeshHost.Billing);

        Assert.Equal((200, string.Empty), await _client.AskAsync(Requests.Get("/tenants/acme", headers)));
        Assert.Single(_host.Logs.GetSnapshot(), record => record.Id.Name == "WouldRefuse");
        Assert.Equal((401, "authz.context_missing"), await _client.AskAsync(Requests.Get("/careless", headers)));
    }

    [Fact]
    public async Task Peers_are_refused_as_ever() =>
        Assert.Equal((403, "aspnetcore.peer_not_allowed"), await _client.AskAsync(Requests.Get("/peer")));

    [Fact]
    public async Task An_endpoint_without_a_decision_stops_the_host_as_ever()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => MeshHost.StartAsync(
            app => app.MapGet("/naked", () => "naked"),
            builder => builder.Services.AddZeroTrust().DangerousAuthz(dangers => dangers.ReportOnly(TimeProvider.System.GetUtcNow() + Rollout, "test"))));
        Assert.Contains("/naked", refusal.Message, StringComparison.Ordinal);
    }
}
