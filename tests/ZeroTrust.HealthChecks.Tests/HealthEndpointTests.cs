using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ZeroTrust.AspNetCore;
using ZeroTrust.HealthChecks.Internal;
using ZeroTrust.HealthChecks.Tests.Infrastructure;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ZeroTrust.HealthChecks.Tests;

public sealed class HealthEndpointTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/healthz/live")]
    [InlineData("/livez")]
    [InlineData("/healthz/ready")]
    [InlineData("/readyz")]
    [InlineData("/healthz/startup")]
    public async Task A_serving_process_answers_every_probe_with_one_word(string path)
    {
        await using var host = await HealthHost.StartAsync();

        using var response = await host.Client1.GetAsync(new Uri(path, UriKind.Relative), Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("SERVING", await response.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal(HttpStatusCode.OK, await host.GetAsync(path, host.Client2));
    }

    [Fact]
    public async Task A_probe_never_learns_the_reason()
    {
        await using var host = await HealthHost.StartAsync();
        host.Hub.Report("orders-db", DependencyState.NotReady, "Host=10.0.0.7;Password=secret");

        using var response = await host.Client1.GetAsync(new Uri("/readyz", UriKind.Relative), Cancelled);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("NOT_SERVING", await response.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task Head_answers_without_a_body_and_other_methods_are_refused()
    {
        await using var host = await HealthHost.StartAsync();
        using var head = await host.Client1.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/readyz"), Cancelled);
        using var post = await host.Client1.PostAsync(new Uri("/readyz", UriKind.Relative), content: null, Cancelled);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancelled));
        Assert.False(post.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_lost_dependency_leaves_liveness_and_startup_alone()
    {
        await using var host = await HealthHost.StartAsync();
        host.Hub.Report("db", DependencyState.NotReady);

        Assert.Equal(HttpStatusCode.OK, await host.GetAsync("/livez"));
        Assert.Equal(HttpStatusCode.OK, await host.GetAsync("/healthz/startup"));
        Assert.Equal(ServingStatus.Serving, await host.CheckAsync("live"));
        Assert.Equal(ServingStatus.Serving, await host.CheckAsync("startup"));
        Assert.Equal(ServingStatus.NotServing, await host.CheckAsync("ready"));
    }

    [Fact]
    public async Task A_startup_check_holds_startup_and_readiness_back()
    {
        var passed = false;
        await using var host = await HealthHost.StartAsync(services: services => services.AddHealthChecks()
            .AddCheck("migrated", () => Volatile.Read(ref passed) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(), tags: ["startup"]));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await host.GetAsync("/healthz/startup"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await host.GetAsync("/readyz"));
        Assert.Equal(HttpStatusCode.OK, await host.GetAsync("/livez"));

        Volatile.Write(ref passed, true);
        await Eventually.IsTrueAsync(async () =>
        {
            host.Time.Advance(TimeSpan.FromSeconds(1));
            return await host.GetAsync("/healthz/startup") == HttpStatusCode.OK;
        });

        Assert.Equal(HttpStatusCode.OK, await host.GetAsync("/readyz"));
    }

    [Fact]
    public async Task Check_knows_the_process_the_questions_and_the_mapped_services()
    {
        await using var host = await HealthHost.StartAsync();

        foreach (var service in new[] { "", "ready", "live", "startup", "grpc.health.v1.Health" })
        {
            Assert.Equal(ServingStatus.Serving, await host.CheckAsync(service));
        }
    }

    [Fact]
    public async Task Check_of_an_unknown_service_is_not_found()
    {
        await using var host = await HealthHost.StartAsync();

        var exception = await Assert.ThrowsAsync<RpcException>(() => host.CheckAsync("other.Service"));

        Assert.Equal(StatusCode.NotFound, exception.StatusCode);
    }

    [Fact]
    public async Task Every_health_endpoint_carries_one_decision_and_is_on_no_edge_listener()
    {
        await using var host = await HealthHost.StartAsync();

        var endpoints = host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<HealthEndpointMetadata>() is not null || endpoint.DisplayName!.Contains("grpc", StringComparison.OrdinalIgnoreCase))
            .ToList();

        Assert.Equal(8, endpoints.Count);
        Assert.All(endpoints, endpoint =>
        {
            Assert.Single(endpoint.Metadata.GetOrderedMetadata<IEndpointDecision>());
            Assert.False(Assert.Single(endpoint.Metadata.GetOrderedMetadata<IListenerRoleMetadata>()).Roles.HasFlag(ListenerRoles.Edge));
        });
    }

    [Fact]
    public async Task A_stale_check_is_told_on_every_surface()
    {
        var runs = 0;
        var hang = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await HealthHost.StartAsync(services: services => services.AddHealthChecks().AddAsyncCheck(
            "db",
            async () =>
            {
                if (Interlocked.Increment(ref runs) > 1)
                {
                    await hang.Task;
                }

                return HealthCheckResult.Healthy();
            }));
        await Eventually.IsTrueAsync(() => host.Hub.Current.IsServing);
        using var watch = new WatchRecorder(host.Health);
        await watch.ReachesAsync(ServingStatus.Serving);

        host.Time.Advance(TimeSpan.FromSeconds(10));

        await watch.ReachesAsync(ServingStatus.NotServing);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await host.GetAsync("/readyz"));
        Assert.Equal(ServingStatus.NotServing, await host.CheckAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await host.GetAsync("/work"));
        hang.SetResult();
    }
}
