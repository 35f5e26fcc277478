using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Testing;
using ZeroTrust.Authz.AspNetCore.Diagnostics;
using ZeroTrust.Authz.Tests.Mesh;
using ZeroTrust.Shared;

namespace ZeroTrust.Authz.AspNetCore.Tests;

/// <summary>However many identity headers a stranger sends, one event tells of a request and a flood hides no other caller's.</summary>
public sealed class ContextHeaderFloodTests : IAsyncLifetime
{
    private const int Headers = 95;
    private const int Times = 200;

    private MeshHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await MeshHost.StartAsync(OrdersService.Map);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task One_request_with_95_headers_is_one_event_that_names_what_they_were_recognised_as()
    {
        using var counted = new MetricCollector<long>(
            _host.Services.GetRequiredService<IMeterFactory>(), AuthzEndpointsTelemetry.MeterName,
            "zerotrust.authz.context_headers.stripped");
        using var client = _host.Client("edge");

        await client.AskAsync(Hostile());

        var told = Assert.Single(Stripped());
        Assert.Equal("txn-*, x-tenant-id", told.GetStructuredStateValue("Headers"));
        Assert.DoesNotContain("forged", told.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Headers, counted.GetMeasurementSnapshot().Count);
    }

    [Fact]
    public async Task A_flood_is_cut_and_told_by_address_and_another_caller_is_still_heard()
    {
        using var stranger = _host.Client("edge");
        for (var i = 0; i < Times; i++)
        {
            await stranger.AskAsync(Hostile());
        }

        Assert.Equal(CallerBudgets.PerCaller, Stripped().Count);
        using var peer = _host.Peer(MeshHost.Gateway).Client();
        await peer.AskAsync(Requests.Get("/headers").With("X-Tenant-ID", "acme"));
        Assert.Equal(MeshHost.Gateway, Stripped()[^1].GetStructuredStateValue("Peer"));

        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        var told = Assert.Single(_host.Logs.GetSnapshot(), record => record.Id.Name == "ContextHeadersSuppressed");
        Assert.Equal((Times - CallerBudgets.PerCaller).ToString(CultureInfo.InvariantCulture), told.GetStructuredStateValue("Suppressed"));
        Assert.Equal("127.0.0.1", told.GetStructuredStateValue("Caller"));
        Assert.Equal("edge", told.GetStructuredStateValue("Listener"));
    }

    [Fact]
    public async Task An_address_that_a_header_names_has_no_budget_of_its_own()
    {
        var claimed = 0;
        await using var host = await MeshHost.StartAsync(OrdersService.Map, pipeline: app =>
        {
            app.Use((HttpContext http, RequestDelegate next) =>
            {
                http.Connection.RemoteIpAddress = new IPAddress([198, 51, 100, (byte)Interlocked.Increment(ref claimed)]);
                return next(http);
            });
            MeshHost.UsePackages(app);
        });
        using var stranger = host.Client("edge");
        for (var i = 0; i < Times; i++)
        {
            await stranger.AskAsync(Hostile());
        }

        Assert.Equal(CallerBudgets.PerCaller, host.Logs.GetSnapshot().Count(record => record.Id.Name == "ContextHeaderStripped"));
    }

    [Fact]
    public async Task A_request_without_such_headers_is_not_told()
    {
        using var client = _host.Client("edge");

        await client.AskAsync(Requests.Get("/headers").With("X-Tenant", "a").With("Transaction-Id", "b"));

        Assert.Empty(Stripped());
    }

    private List<FakeLogRecord> Stripped() => [.. _host.Logs.GetSnapshot().Where(record => record.Id.Name == "ContextHeaderStripped")];

    private static HttpRequestMessage Hostile()
    {
        var request = Requests.Get("/headers").With("X_Tenant_ID", "other");
        for (var i = 1; i < Headers; i++)
        {
            request.With($"Txn-Forged{i}", "1");
        }

        return request;
    }
}
