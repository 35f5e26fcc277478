using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.AspNetCore.Listeners;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>What is told of each verdict: event, count and span, and no more of them than a log can take.</summary>
public sealed class HandshakeAuditTests
{
    [Fact]
    public async Task Every_verdict_has_a_span_that_is_no_parent_of_the_calls()
    {
        using var mesh = new Mesh();
        await using var host = await TestHost.StartAsync(
            TestHost.MeshListener(name: "spanned"), mesh, use: app => app.MapGet("/", () => Activity.Current?.ParentId ?? "none").RequirePeer());
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is AspNetCoreTelemetry.ActivitySourceName or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.OperationName == "mtls.accept" && (string?)span.GetTagItem("zerotrust.listener") == "spanned")
                {
                    lock (spans)
                    {
                        spans.Add(span);
                    }
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        using var client = Mesh.Connect(host.EndPoint("spanned"), certificate);

        Assert.Equal("none", await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.False(await Mesh.IsAnsweredAsync(host.EndPoint("spanned"), certificate: null, TestContext.Current.CancellationToken));
        await host.WaitForEventAsync("PeerRefused");

        lock (spans)
        {
            Assert.Equal(2, spans.Count);
            Assert.Equal(Mesh.Client, spans[0].GetTagItem("zerotrust.workload"));
            Assert.Equal(64, ((string)spans[0].GetTagItem("zerotrust.leaf_sha256")!).Length);
            Assert.Equal("mtls.certificate_missing", spans[1].GetTagItem("error.type"));
            Assert.Equal(ActivityStatusCode.Error, spans[1].Status);
        }
    }

    [Fact]
    public void Refusals_of_one_address_beyond_its_budget_are_counted_and_told_in_one_number()
    {
        using var provider = new ServiceCollection().AddMetrics().AddLogging(builder => builder.AddFakeLogging()).BuildServiceProvider();
        var meters = provider.GetRequiredService<IMeterFactory>();
        using var counter = new MetricCollector<long>(meters, "ZeroTrust.AspNetCore", "zerotrust.aspnetcore.peers");
        var time = new FakeTimeProvider();
        var audit = new HandshakeAudit("mesh", provider.GetRequiredService<ILogger<HandshakeAudit>>(), new AspNetCoreMetrics(meters), time);
        var rejection = new Rejection("mtls.certificate_missing", "The peer presented no certificate.", RejectionKind.Unauthenticated);

        for (var i = 0; i < CallerBudgets.PerCaller + 3; i++)
        {
            audit.Refused(rejection, leafSha256: null, time.GetUtcNow(), new IPEndPoint(IPAddress.Loopback, i));
        }

        var logs = provider.GetFakeLogCollector();
        Assert.Equal(CallerBudgets.PerCaller, logs.Count);
        time.Advance(TimeSpan.FromSeconds(1));

        var told = logs.GetSnapshot()[^1];
        Assert.Equal("PeerRefusalsSuppressed", told.Id.Name);
        Assert.Equal("3", told.GetStructuredStateValue("Suppressed"));
        Assert.Equal("127.0.0.1", told.GetStructuredStateValue("Caller"));
        Assert.Equal(CallerBudgets.PerCaller + 3, counter.GetMeasurementSnapshot().Count);
    }

    [Fact]
    public void A_proved_workload_that_is_not_listed_is_told_while_strangers_flood_from_its_address()
    {
        using var provider = new ServiceCollection().AddMetrics().AddLogging(builder => builder.AddFakeLogging()).BuildServiceProvider();
        var time = new FakeTimeProvider();
        var audit = new HandshakeAudit(
            "mesh", provider.GetRequiredService<ILogger<HandshakeAudit>>(), new AspNetCoreMetrics(provider.GetRequiredService<IMeterFactory>()), time);
        var remote = new IPEndPoint(IPAddress.Loopback, 1);
        for (var i = 0; i < 1000; i++)
        {
            audit.Refused(new Rejection("mtls.certificate_missing", "none", RejectionKind.Unauthenticated), leafSha256: null, time.GetUtcNow(), remote);
        }

        audit.Refused(
            new Rejection("mtls.peer_not_listed", "Not on the list.", RejectionKind.Forbidden) { Presented = Mesh.Client }, "leaf", time.GetUtcNow(), remote);

        Assert.Equal(Mesh.Client, provider.GetFakeLogCollector().LatestRecord.GetStructuredStateValue("zerotrust.workload"));
    }
}
