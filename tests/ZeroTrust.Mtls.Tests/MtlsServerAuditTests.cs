using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using ZeroTrust.Mtls.Client;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.Mtls.Internal;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Shared;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests;

/// <summary>What a client tells about its servers.</summary>
public sealed class MtlsServerAuditTests : IDisposable
{
    private readonly World _world = new();
    private readonly TestCertificate _orders;
    private readonly TestCertificate _billing;

    public MtlsServerAuditTests()
    {
        _orders = _world.Intermediate.Issue(World.Orders);
        _billing = _world.Intermediate.Issue(World.Billing);
    }

    public void Dispose()
    {
        _billing.Dispose();
        _orders.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task A_refusal_is_told_with_its_reason_and_the_hash_of_the_leaf_but_no_certificate()
    {
        using var spans = new Spans();
        using var other = _world.Intermediate.Issue("spiffe://example.test/other");
        await using var server = await MeshServer.StartAsync(_world.Tls(other), Listed);
        using var client = new BoundClient(_world, _orders);

        await Assert.ThrowsAsync<RejectionException>(() => client.GetAsync(server.Address));

        var told = Assert.Single(client.Told("ServerRefused"));
        Assert.Equal(LogLevel.Warning, told.Level);
        Assert.Equal("mtls.server_identity_mismatch", told.GetStructuredStateValue("error.type"));
        Assert.Equal(World.Billing, told.GetStructuredStateValue("zerotrust.expected"));
        Assert.Equal("spiffe://example.test/other", told.GetStructuredStateValue("zerotrust.presented"));
        Assert.Equal(Sha256(other), told.GetStructuredStateValue("zerotrust.leaf_sha256"));
        Assert.Equal("localhost", told.GetStructuredStateValue("server.address"));
        Assert.DoesNotContain("BEGIN", told.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("MII", told.Message, StringComparison.Ordinal);
        var span = spans.Single(server.Address.Port);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal("mtls.server_identity_mismatch", span.GetTagItem("error.type"));
        Assert.Equal(Sha256(other), span.GetTagItem("zerotrust.leaf_sha256"));
    }

    [Fact]
    public async Task A_proved_server_is_told_by_its_workload()
    {
        using var spans = new Spans();
        await using var server = await MeshServer.StartAsync(_world.Tls(_billing), Listed);
        using var client = new BoundClient(_world, _orders);

        await client.GetAsync(server.Address);

        var span = spans.Single(server.Address.Port);
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        Assert.Equal(World.Billing, span.GetTagItem("zerotrust.workload"));
        Assert.Equal(Sha256(_billing), span.GetTagItem("zerotrust.leaf_sha256"));
        Assert.Null(span.GetTagItem("error.type"));
    }

    [Fact]
    public void Refusals_of_one_server_beyond_its_budget_are_counted_and_not_logged_and_hide_no_other()
    {
        var logs = new FakeLogCollector();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new FakeLoggerProvider(logs)));
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var counted = new MetricCollector<long>(services.GetRequiredService<IMeterFactory>(), MtlsTelemetry.MeterName, "zerotrust.mtls.servers");
        var audit = new ServerAudit(loggers.CreateLogger("test"), _world.Clock, services.GetRequiredService<IMeterFactory>());

        Refuse(audit, World.Billing, times: 105);
        Assert.Equal(CallerBudgets.PerCaller, logs.Count);
        Refuse(audit, World.Orders, times: 1);
        _world.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(106, counted.GetMeasurementSnapshot().Sum(measurement => measurement.Value));
        Assert.All(counted.GetMeasurementSnapshot(), measurement => Assert.Equal("mtls.certificate_missing", measurement.Tags["error.type"]));
        var suppressed = Assert.Single(logs.GetSnapshot(), record => record.Id.Name == "ServerRefusalsSuppressed");
        Assert.Equal($"{105 - CallerBudgets.PerCaller}", suppressed.GetStructuredStateValue("zerotrust.suppressed"));
        Assert.Equal(World.Billing, suppressed.GetStructuredStateValue("zerotrust.workload"));
        Assert.Equal(CallerBudgets.PerCaller + 1, logs.GetSnapshot().Count(record => record.Id.Name == "ServerRefused"));
    }

    private static PeerAllowList Listed => new(WorkloadId.Parse(World.Orders));

    private static string Sha256(TestCertificate certificate) => certificate.ToPeerCertificates().LeafSha256;

    private static void Refuse(ServerAudit audit, string server, int times)
    {
        var rejection = MtlsRejections.Refuse(MtlsRejectionReason.CertificateMissing, "none");
        for (var i = 0; i < times; i++)
        {
            audit.Refused(WorkloadId.Parse(server), "localhost", rejection, presented: null);
        }
    }

    /// <summary>The connects that ended while it listened; other tests may run beside.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<Activity> _ended = new();
        private readonly ActivityListener _listener;

        public Spans()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == MtlsTelemetry.ActivitySourceName,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStopped = _ended.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public Activity Single(int port) => Assert.Single(_ended, activity => activity.OperationName == "mtls.connect" && (int?)activity.GetTagItem("server.port") == port);

        public void Dispose() => _listener.Dispose();
    }
}
