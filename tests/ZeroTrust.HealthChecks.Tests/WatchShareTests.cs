using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.AspNetCore;
using ZeroTrust.HealthChecks.Tests.Infrastructure;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ZeroTrust.HealthChecks.Tests;

/// <summary>One peer with all Watch streams does not shut out another. Two real peers, over gRPC and mutual TLS.</summary>
public sealed class WatchShareTests
{
    [Fact]
    public async Task A_peer_that_holds_every_stream_gives_its_newest_to_a_peer_that_holds_none()
    {
        await using var host = await HealthHost.StartAsync(options => options.MaxWatchStreams = 4);
        var greedy = new List<WatchRecorder>();
        for (var i = 0; i < 4; i++)
        {
            greedy.Add(new WatchRecorder(host.Health));
            await greedy[i].ReachesAsync(ServingStatus.Serving);
        }

        using var channel = host.NewMeshChannel(HealthMesh.Operator, "management");
        using var quiet = new WatchRecorder(new Health.HealthClient(channel));
        await quiet.ReachesAsync(ServingStatus.Serving);

        var ended = await Assert.ThrowsAsync<RpcException>(greedy[3].EndsAsync);
        Assert.Equal(StatusCode.ResourceExhausted, ended.StatusCode);
        Assert.Equal("health.too_many_watches", ended.Status.Detail);
        using var another = new WatchRecorder(host.Health);
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(another.EndsAsync)).StatusCode);
        host.Hub.Report("db", DependencyState.NotReady);
        await quiet.ReachesAsync(ServingStatus.NotServing);
        foreach (var kept in greedy.Take(3))
        {
            await kept.ReachesAsync(ServingStatus.NotServing);
        }

        greedy.ForEach(watch => watch.Dispose());
    }

    [Fact]
    public async Task A_stream_that_gave_way_is_told_as_a_refusal_of_its_own_peer()
    {
        await using var host = await HealthHost.StartAsync(options => options.MaxWatchStreams = 2);
        using var first = new WatchRecorder(host.Health);
        await first.ReachesAsync(ServingStatus.Serving);
        using var second = new WatchRecorder(host.Health);
        await second.ReachesAsync(ServingStatus.Serving);
        using var channel = host.NewMeshChannel(HealthMesh.Operator, "management");
        using var quiet = new WatchRecorder(new Health.HealthClient(channel));

        await Assert.ThrowsAsync<RpcException>(second.EndsAsync);

        await Eventually.IsTrueAsync(() => host.Events().Contains("CallRefused", StringComparer.Ordinal));
        var refusal = Assert.Single(host.App.Services.GetFakeLogCollector().GetSnapshot(), record => record.Id.Name == "CallRefused");
        Assert.Equal(HealthMesh.Caller, refusal.GetStructuredStateValue("zerotrust.workload"));
        Assert.Equal("health.too_many_watches", refusal.GetStructuredStateValue("error.type"));
    }

    [Fact]
    public async Task A_served_gRPC_call_is_audited_with_its_gRPC_status()
    {
        await using var host = await HealthHost.StartAsync(services: services =>
            services.Configure<ListenersOptions>(options => options.Listeners["mesh"].AuditServedCalls = true));

        Assert.Equal(ServingStatus.Serving, await host.CheckAsync());

        await Eventually.IsTrueAsync(() => host.Events().Contains("CallServed", StringComparer.Ordinal));
        var served = Assert.Single(host.App.Services.GetFakeLogCollector().GetSnapshot(), record => record.Id.Name == "CallServed");
        Assert.Equal("0", served.GetStructuredStateValue("rpc.grpc.status_code"));
        Assert.Equal("/grpc.health.v1.Health/Check", served.GetStructuredStateValue("http.route"));
        Assert.Equal(HealthMesh.Caller, served.GetStructuredStateValue("zerotrust.workload"));
        Assert.Equal("mesh", served.GetStructuredStateValue("zerotrust.listener"));
    }
}
