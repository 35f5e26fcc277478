using System.Net;
using System.Text.Json;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.AspNetCore;
using ZeroTrust.HealthChecks.Tests.Infrastructure;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ZeroTrust.HealthChecks.Tests;

/// <summary>What each kind of listener tells, and to whom.</summary>
public sealed class ListenerRoleTests
{
    private static readonly string[] Probes = ["/healthz/live", "/livez", "/healthz/ready", "/readyz", "/healthz/startup"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_probe_listener_answers_Check_and_refuses_Watch()
    {
        await using var host = await HealthHost.StartAsync();

        var answer = await host.Prober.CheckAsync(new HealthCheckRequest(), cancellationToken: Cancelled);
        using var watch = new WatchRecorder(host.Prober);
        var refusal = await Assert.ThrowsAsync<RpcException>(watch.EndsAsync);

        Assert.Equal(ServingStatus.Serving, answer.Status);
        Assert.Equal(StatusCode.Unimplemented, refusal.StatusCode);
        Assert.Empty(watch.Received);
    }

    [Theory]
    [InlineData("mesh", HealthMesh.Caller)]
    [InlineData("management", HealthMesh.Operator)]
    public async Task A_verified_peer_may_check_and_watch(string listener, string peer)
    {
        await using var host = await HealthHost.StartAsync();
        using var channel = host.NewMeshChannel(peer, listener);
        var health = new Health.HealthClient(channel);

        using var watch = new WatchRecorder(health);
        await watch.ReachesAsync(ServingStatus.Serving);

        Assert.Equal(ServingStatus.Serving, (await health.CheckAsync(new HealthCheckRequest(), cancellationToken: Cancelled)).Status);
        using var client = host.NewMeshClient(listener, peer);
        foreach (var probe in Probes)
        {
            Assert.Equal(HttpStatusCode.OK, await host.GetAsync(probe, client));
        }
    }

    [Theory]
    [InlineData("mesh", null, HttpStatusCode.Unauthorized)]
    [InlineData("mesh", HealthMesh.Operator, HttpStatusCode.Forbidden)]
    [InlineData("management", null, HttpStatusCode.Unauthorized)]
    [InlineData("management", HealthMesh.Caller, HttpStatusCode.Forbidden)]
    public async Task Whoever_is_no_peer_of_the_listener_learns_that_alone(string listener, string? caller, HttpStatusCode refusal)
    {
        await using var host = await HealthHost.StartAsync();
        using var client = host.NewMeshClient(listener, caller);

        Assert.Equal(refusal, await host.GetAsync("/readyz", client));
    }

    [Fact]
    public async Task Details_are_for_operators()
    {
        await using var host = await HealthHost.StartAsync(options => options.Dependencies["cache"] = new DependencyOptions { Critical = false });
        host.Hub.Report("db", DependencyState.NotReady, "connection refused");
        using var client = host.NewMeshClient("management", HealthMesh.Operator);

        using var details = JsonDocument.Parse(await client.GetByteArrayAsync(new Uri("/healthz/details", UriKind.Relative), Cancelled));

        var root = details.RootElement;
        Assert.False(root.GetProperty("ready").GetBoolean());
        Assert.True(root.GetProperty("live").GetBoolean());
        Assert.Equal(host.Hub.Current.Version, root.GetProperty("version").GetInt64());
        var db = Assert.Single(root.GetProperty("dependencies").EnumerateArray(), dependency => dependency.GetProperty("name").GetString() == "db");
        Assert.Equal("connection refused", db.GetProperty("reason").GetString());
        Assert.Contains(root.GetProperty("weakenings").EnumerateArray(), weakening => weakening.GetProperty("name").GetString() == "health.diagnostic_port");
    }

    [Fact]
    public async Task Details_have_the_weakenings_that_were_found_since()
    {
        var source = new FoundWeakenings();
        await using var host = await HealthHost.StartAsync(services: services => services.AddSingleton<IWeakeningSource>(source));
        using var client = host.NewMeshClient("management", HealthMesh.Operator);
        Assert.DoesNotContain("\"test.found\"", await client.GetStringAsync(new Uri("/healthz/details", UriKind.Relative), Cancelled), StringComparison.Ordinal);

        source.Weakenings = [new Weakening("test.found", "why")];
        using var details = JsonDocument.Parse(await client.GetByteArrayAsync(new Uri("/healthz/details", UriKind.Relative), Cancelled));
        var found = Assert.Single(
            details.RootElement.GetProperty("weakenings").EnumerateArray(), weakening => weakening.GetProperty("name").GetString() == "test.found");
        Assert.Equal("why", found.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Details_are_nowhere_else()
    {
        await using var host = await HealthHost.StartAsync();
        using var mesh = host.NewMeshClient("mesh", HealthMesh.Caller);
        using var edge = host.NewMeshClient("edge", caller: null);

        foreach (var client in new[] { host.Client1, host.Client2, mesh, edge })
        {
            Assert.Equal(HttpStatusCode.NotFound, await host.GetAsync("/healthz/details", client));
        }
    }

    [Fact]
    public async Task Operators_reach_their_endpoints_while_the_service_is_not_ready()
    {
        await using var host = await HealthHost.StartAsync(map: endpoints =>
            endpoints.MapGet("/metrics", () => "up 1").RequirePeer().OnListeners(ListenerRoles.Management));
        host.Hub.Report("db", DependencyState.NotReady);
        using var client = host.NewMeshClient("management", HealthMesh.Operator);

        Assert.Equal("up 1", await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancelled));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await host.GetAsync("/work"));
    }

    /// <summary>A filter by host name would let every one of these in.</summary>
    [Theory]
    [InlineData("management")]
    [InlineData("a")]
    [InlineData("b")]
    [InlineData("mesh")]
    public async Task A_spoofed_host_reaches_nothing_that_its_listener_does_not_have(string named)
    {
        await using var host = await HealthHost.StartAsync(map: endpoints =>
        {
            endpoints.MapGet("/metrics", () => "up 1").RequirePeer().OnListeners(ListenerRoles.Management);
            endpoints.MapGet("/openapi/v1.json", () => "{}").RequirePeer().OnListeners(ListenerRoles.Management);
        });
        using var edge = host.NewMeshClient("edge", caller: null);
        string[] paths = [.. Probes, "/healthz/details", "/metrics", "/openapi/v1.json", "/grpc.health.v1.Health/Check", "/grpc.health.v1.Health/Watch"];

        foreach (var spoofed in new[] { host.EndPoint(named).ToString(), $"localhost:{host.EndPoint(named).Port}", $"{named}:{host.EndPoint(named).Port}" })
        {
            foreach (var path in paths)
            {
                using var request = new HttpRequestMessage(path.StartsWith("/grpc", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, path);
                request.Headers.Host = spoofed;
                request.Headers.TryAddWithoutValidation("X-Forwarded-Host", spoofed);
                request.Headers.TryAddWithoutValidation("Forwarded", $"host={spoofed}");
                using var response = await edge.SendAsync(request, Cancelled);
                Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            }
        }

        Assert.Equal(HttpStatusCode.OK, await host.GetAsync("/work", edge));
    }

    private sealed class FoundWeakenings : IWeakeningSource
    {
        public IReadOnlyCollection<Weakening> Weakenings { get; set; } = [];
    }
}
