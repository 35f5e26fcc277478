using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ZeroTrust.AspNetCore;
using ZeroTrust.HealthChecks.Internal;
using ZeroTrust.HealthChecks.Tests.Infrastructure;

namespace ZeroTrust.HealthChecks.Tests;

public sealed class AdmissionGateTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_before_ready_is_refused_and_never_reaches_its_endpoint()
    {
        var calls = 0;
        await using var host = await HealthHost.StartAsync(
            options => options.Dependencies["billing"] = new DependencyOptions(), endpoints => Count(endpoints, () => Interlocked.Increment(ref calls)));

        using var refused = await host.Client1.GetAsync(new Uri("/counted", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        using var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal("health.not_ready", problem.RootElement.GetProperty("code").GetString());
        Assert.DoesNotContain("billing", problem.RootElement.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, calls);

        host.Hub.Report("billing", DependencyState.Ready);
        Assert.Equal(HttpStatusCode.OK, await host.GetAsync("/counted"));
        Assert.Equal(HttpStatusCode.OK, await host.GetAsync("/counted", host.Client2));
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task A_lost_critical_dependency_closes_the_gate_and_its_return_opens_it()
    {
        await using var host = await HealthHost.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await host.GetAsync("/work"));

        host.Hub.Report("db", DependencyState.NotReady);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await host.GetAsync("/work"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await host.GetAsync("/work", host.Client2));

        host.Hub.Report("db", DependencyState.Ready);
        Assert.Equal(HttpStatusCode.OK, await host.GetAsync("/work"));
    }

    [Fact]
    public async Task A_lost_optional_dependency_does_not()
    {
        await using var host = await HealthHost.StartAsync(options => options.Dependencies["cache"] = new DependencyOptions { Critical = false });

        host.Hub.Report("cache", DependencyState.NotReady);

        Assert.Equal(HttpStatusCode.OK, await host.GetAsync("/work"));
    }

    [Fact]
    public async Task A_path_that_no_endpoint_has_is_gated_too()
    {
        await using var host = await HealthHost.StartAsync();
        host.Hub.Report("db", DependencyState.NotReady);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await host.GetAsync("/healthz/ready/more"));

        host.Hub.Report("db", DependencyState.Ready);
        Assert.Equal(HttpStatusCode.NotFound, await host.GetAsync("/healthz/ready/more"));
    }

    [Fact]
    public async Task The_drain_never_closes_the_gate()
    {
        await using var host = await HealthHost.StartAsync();

        host.Hub.BeginDrain();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await host.GetAsync("/readyz"));
        Assert.Equal(HttpStatusCode.OK, await host.GetAsync("/work"));
    }

    [Fact]
    public void Every_reason_has_a_code_and_a_kind()
    {
        Assert.Equal("health.not_ready", HealthRefusals.Family.CodeOf(HealthRejectionReason.NotReady));
        Assert.Equal("health.too_many_watches", HealthRefusals.Family.CodeOf(HealthRejectionReason.TooManyWatches));
        foreach (var reason in Enum.GetValues<HealthRejectionReason>())
        {
            Assert.Equal(
                reason == HealthRejectionReason.Unspecified ? RejectionKind.Unspecified : RejectionKind.Unavailable, HealthRefusals.Family.KindOf(reason));
        }
    }

    [Fact]
    public async Task An_unsafe_configuration_stops_the_host()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => HealthHost.StartAsync(
            options => options.PropagationDelay = TimeSpan.FromSeconds(5),
            services: services => services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5))));

        Assert.StartsWith("ZeroTrust:HealthChecks:PropagationDelay: ", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_stock_registrations_keep_working_beside_ours()
    {
        await using var host = await HealthHost.StartAsync(services: services => services.AddHealthChecks().AddCheck("db", () => HealthCheckResult.Healthy()));
        await Eventually.IsTrueAsync(() => host.Hub.Current.IsServing);

        var report = await host.App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancelled);

        Assert.Equal(HealthStatus.Healthy, report.Status);
    }

    private static void Count(IEndpointRouteBuilder endpoints, Action called) => endpoints.MapGet("/counted", (HttpContext context) =>
    {
        called();
        return Task.CompletedTask;
    }).AllowPublic("test").OnListeners(ListenerRoles.Probe);
}
