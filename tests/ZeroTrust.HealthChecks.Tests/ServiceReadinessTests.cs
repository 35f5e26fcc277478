using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ZeroTrust.HealthChecks.Tests.Infrastructure;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ZeroTrust.HealthChecks.Tests;

public sealed class ServiceReadinessTests
{
    private const string Reports = "reports";

    [Fact]
    public async Task A_service_is_ready_with_what_it_needs_whatever_else_is_lost()
    {
        await using var host = await StartAsync();
        host.Hub.Report("archive", DependencyState.Ready);
        host.Hub.Report("db", DependencyState.NotReady);

        Assert.Equal(ServingStatus.Serving, await host.CheckAsync(Reports));
        Assert.Equal(HttpStatusCode.OK, await host.GetAsync("/reports"));
        Assert.Equal(ServingStatus.NotServing, await host.CheckAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await host.GetAsync("/work"));
    }

    [Fact]
    public async Task A_service_is_not_ready_without_what_it_needs_though_the_process_is()
    {
        await using var host = await StartAsync(options => options.Dependencies["archive"] = new DependencyOptions { Critical = false });
        using var watch = new WatchRecorder(host.Health, Reports);
        await watch.ReachesAsync(ServingStatus.NotServing);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await host.GetAsync("/reports"));
        Assert.Equal(HttpStatusCode.OK, await host.GetAsync("/work"));

        host.Hub.Report("archive", DependencyState.Ready);

        await watch.ReachesAsync(ServingStatus.Serving);
        Assert.Equal(HttpStatusCode.OK, await host.GetAsync("/reports"));
        Assert.Equal([ServingStatus.NotServing, ServingStatus.Serving], watch.Received);
    }

    [Fact]
    public async Task Draining_is_the_end_of_every_service()
    {
        await using var host = await StartAsync();
        host.Hub.Report("archive", DependencyState.Ready);
        Assert.Equal(ServingStatus.Serving, await host.CheckAsync(Reports));

        host.Hub.BeginDrain();

        Assert.Equal(ServingStatus.NotServing, await host.CheckAsync(Reports));
        Assert.Equal(HttpStatusCode.OK, await host.GetAsync("/reports"));
    }

    [Fact]
    public async Task A_service_that_nothing_belongs_to_stops_the_host()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => HealthHost.StartAsync(Need));

        Assert.Contains("ZeroTrust:HealthChecks:Services", exception.Message, StringComparison.Ordinal);
        Assert.Contains(Reports, exception.Message, StringComparison.Ordinal);
    }

    private static void Need(HealthOptions options) => options.Services[Reports] = new ServiceOptions { Dependencies = ["archive"] };

    private static Task<HealthHost> StartAsync(Action<HealthOptions>? more = null) => HealthHost.StartAsync(
        options =>
        {
            Need(options);
            more?.Invoke(options);
        },
        endpoints => endpoints.MapGet("/reports", () => Results.Ok()).AllowPublic("test").OnListeners(HealthHost.Everywhere).WithHealthService(Reports));
}
