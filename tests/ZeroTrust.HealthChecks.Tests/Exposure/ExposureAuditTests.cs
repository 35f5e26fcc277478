using System.Diagnostics.Metrics;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;
using ZeroTrust.HealthChecks.Exposure;

namespace ZeroTrust.HealthChecks.Tests.Exposure;

/// <summary>Real hosts that leave something open, and their neighbours that do not.</summary>
public sealed class ExposureAuditTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_closed_host_starts()
    {
        await using var app = await StartAsync();

        Assert.DoesNotContain(Events(app), name => name is "DiagnosticsOpen" or "HealthCheckWeakened");
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/prometheus")]
    [InlineData("/openapi/{documentName}.json")]
    [InlineData("/swagger/{**path}")]
    [InlineData("/debug/pprof")]
    [InlineData("/HealthChecks-UI")]
    public async Task A_diagnostics_endpoint_beyond_management_stops_the_host(string route)
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(map: app => app.MapGet(route, () => "open").AllowPublic("test")));
        Assert.Contains($"- health.diagnostics_endpoint:{route}: ", exception.Message, StringComparison.Ordinal);

        await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(map: app => app.MapGet(route, () => "open").RequirePeer()));
        await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(map: app => app.MapGet(route, () => "open").RequirePeer().OnListeners(ListenerRoles.Management | ListenerRoles.Probe)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(map: app => app.MapGet(route, () => "open").AllowPublic("test").OnListeners(ListenerRoles.Management)));
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/openapi/{documentName}.json")]
    public async Task The_same_endpoint_for_operators_does_not(string route)
    {
        await using var app = await StartAsync(map: app => app.MapGet(route, () => "open").RequirePeer().OnListeners(ListenerRoles.Management));
    }

    [Theory]
    [InlineData("/orders/metrics")]
    [InlineData("/metricsofhealth")]
    [InlineData("/debugger")]
    public async Task An_endpoint_of_the_business_does_not(string route)
    {
        await using var app = await StartAsync(map: app => app.MapGet(route, () => "open").AllowPublic("test"));
    }

    [Fact]
    public async Task Reflection_of_grpc_beyond_management_stops_the_host()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(
            builder => builder.Services.AddGrpcReflection(),
            app => app.MapGrpcReflectionService().AllowPublic("test")));
        Assert.Contains("grpc.reflection.v1alpha.ServerReflection", exception.Message, StringComparison.Ordinal);

        await using var closed = await StartAsync(
            builder => builder.Services.AddGrpcReflection(),
            app => app.MapGrpcReflectionService().RequirePeer().OnListeners(ListenerRoles.Management));
    }

    [Fact]
    public async Task The_platforms_own_health_endpoint_stops_the_host()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(
            builder => builder.Services.AddHealthChecks(),
            app => app.MapHealthChecks("/up").AllowPublic("test")));

        Assert.Contains("health.diagnostics_endpoint:/up", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_developer_exception_page_stops_the_host()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(map: app => app.UseDeveloperExceptionPage()));
        Assert.Contains("health.developer_exception_page", exception.Message, StringComparison.Ordinal);

        await using var other = await StartAsync(map: app => app.UseExceptionHandler("/error"));
    }

    [Fact]
    public async Task A_developer_page_inside_a_branch_is_found_too()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(map: app => app.Map("/admin", branch => branch.UseDeveloperExceptionPage())));

        Assert.Contains("health.developer_exception_page", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_of_the_developer_page_stops_the_host()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(builder => builder.Services.AddSingleton<IDeveloperPageExceptionFilter, DatabaseFilter>()));

        Assert.Contains(nameof(DatabaseFilter), exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hostingStartupAssemblies", "Agent", "health.hosting_startup")]
    [InlineData("detailedErrors", "true", "health.detailed_errors")]
    [InlineData("detailedErrors", "1", "health.detailed_errors")]
    public async Task A_setting_that_opens_the_host_stops_it(string key, string value, string finding)
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(builder => Set(builder, key, value)));

        Assert.Contains(finding, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("detailedErrors", "false")]
    [InlineData("hostingStartupAssemblies", "")]
    public async Task Its_neighbour_does_not(string key, string value)
    {
        await using var app = await StartAsync(builder => Set(builder, key, value));
    }

    [Fact]
    public async Task Detailed_errors_of_grpc_stop_the_host()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            StartAsync(builder => builder.Services.Configure<GrpcServiceOptions>(options => options.EnableDetailedErrors = true)));

        Assert.Contains("EnableDetailedErrors", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_that_is_open_is_named_at_once()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(
            builder => Set(builder, "detailedErrors", "true"),
            app =>
            {
                app.UseDeveloperExceptionPage();
                app.MapGet("/metrics", () => "open").AllowPublic("test");
            }));

        Assert.Contains("health.detailed_errors", exception.Message, StringComparison.Ordinal);
        Assert.Contains("health.developer_exception_page", exception.Message, StringComparison.Ordinal);
        Assert.Contains("health.diagnostics_endpoint:/metrics", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Development_is_told_and_goes_on()
    {
        await using var app = await StartAsync(map: app => app.MapGet("/metrics", () => "open").AllowPublic("test"), environment: "Development");

        Assert.Contains(app.Services.GetFakeLogCollector().GetSnapshot(), record => record.Id.Name == "DiagnosticsOpen" && record.Message.Contains("/metrics", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_allowed_with_a_reason_is_told_and_goes_on()
    {
        await using var app = await StartAsync(
            builder => builder.Services.AddZeroTrust().DangerousHealthChecks(dangers => dangers
                .AllowDiagnostics(DiagnosticsExposure.DeveloperExceptionPage, "an exhibition")
                .AllowDiagnosticsEndpoint("/metrics", "scraped by the mesh")),
            app =>
            {
                app.UseDeveloperExceptionPage();
                app.MapGet("/metrics", () => "open").RequirePeer();
            });

        var told = app.Services.GetFakeLogCollector().GetSnapshot().Where(record => record.Id.Name == "HealthCheckWeakened").ToList();
        Assert.Equal(2, told.Count);
        Assert.All(told, record => Assert.Equal(LogLevel.Warning, record.Level));
        using var measured = new MetricCollector<int>(app.Services.GetRequiredService<IMeterFactory>(), HealthTelemetry.MeterName, "zerotrust.weakenings");
        measured.RecordObservableInstruments();
        Assert.Contains(measured.GetMeasurementSnapshot(), measurement => (string?)measurement.Tags["zerotrust.weakening"] == "health.diagnostics_endpoint:/metrics");
    }

    [Fact]
    public async Task What_is_allowed_allows_nothing_else()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(
            builder => builder.Services.AddZeroTrust().DangerousHealthChecks(dangers => dangers.AllowDiagnosticsEndpoint("/metrics", "scraped by the mesh")),
            app =>
            {
                app.MapGet("/metrics", () => "open").RequirePeer();
                app.MapGet("/metrics/{id}", () => "open").RequirePeer();
            }));

        Assert.Contains("- health.diagnostics_endpoint:/metrics/{id}: ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("- health.diagnostics_endpoint:/metrics: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_allowed_without_a_reason_or_a_name()
    {
        var zeroTrust = new ServiceCollection().AddZeroTrust();

        Assert.Throws<ArgumentException>(() => zeroTrust.DangerousHealthChecks(dangers => dangers.AllowDiagnostics(DiagnosticsExposure.Profiler, " ")));
        Assert.Throws<ArgumentOutOfRangeException>(() => zeroTrust.DangerousHealthChecks(dangers => dangers.AllowDiagnostics(DiagnosticsExposure.Unspecified, "why")));
        Assert.Throws<ArgumentException>(() => zeroTrust.DangerousHealthChecks(dangers => dangers.AllowDiagnosticsEndpoint(string.Empty, "why")));
    }

    private static IEnumerable<string?> Events(WebApplication app) => app.Services.GetFakeLogCollector().GetSnapshot().Select(record => record.Id.Name);

    private static void Set(WebApplicationBuilder builder, string key, string value) =>
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { [key] = value });

    private static async Task<WebApplication> StartAsync(
        Action<WebApplicationBuilder>? build = null, Action<WebApplication>? map = null, string environment = "Production")
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseKestrelCore();
        Set(builder, "ZeroTrust:Listeners:probe:Url", "http://127.0.0.1:0");
        Set(builder, "ZeroTrust:Listeners:probe:Role", "Probe");
        Set(builder, "ZeroTrust:HealthChecks:PropagationDelay", "00:00:00");
        builder.Logging.AddFakeLogging();
        builder.Services.AddRouting();
        builder.Services.AddZeroTrust().AddListeners().AddHealthChecks();

        // This process is one of tests, and open; what the runtime opens has tests of its own.
        builder.Services.AddSingleton(_ => new RuntimeExposure(_ => null, Directory.GetCurrentDirectory(), processId: 0));
        build?.Invoke(builder);
        var app = builder.Build();
        app.UseListenerGuard();
        app.UseRouting();
        app.UseAdmissionGate();
        app.UseListenerRoles();
        app.UseAuthorization();
        app.MapZeroTrustHealth();
        map?.Invoke(app);
        try
        {
            await app.StartAsync(Cancelled);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private sealed class DatabaseFilter : IDeveloperPageExceptionFilter
    {
        public Task HandleExceptionAsync(ErrorContext errorContext, Func<ErrorContext, Task> next) => next(errorContext);
    }
}
