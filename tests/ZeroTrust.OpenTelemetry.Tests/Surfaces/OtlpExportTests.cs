using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ZeroTrust.Testing;

namespace ZeroTrust.OpenTelemetry.Tests.Surfaces;

public sealed class OtlpExportTests
{
    public static TheoryData<string, string> Pipelines => RedactionAssertTests.Pipelines;

    [Theory]
    [MemberData(nameof(Pipelines))]
    public async Task No_canary_leaves(string exporter, string redaction)
    {
        await using var receiver = await OtlpReceiver.StartAsync(TestContext.Current.CancellationToken);

        Send(receiver, Enum.Parse<Pipeline.Exporter>(exporter), Enum.Parse<Pipeline.Redaction>(redaction));

        AssertCanaries(Received(receiver, "traces"), KnownSpan.MustNotLeave, KnownSpan.MustSurvive);
        AssertCanaries(Received(receiver, "logs"), KnownLogs.MustNotLeave, KnownLogs.MustSurvive);
    }

    [Fact]
    public async Task Without_redaction_every_canary_arrives()
    {
        await using var receiver = await OtlpReceiver.StartAsync(TestContext.Current.CancellationToken);

        Send(receiver, Pipeline.Exporter.UseOtlpExporter, Pipeline.Redaction.None);

        var traces = Received(receiver, "traces");
        Assert.All(KnownSpan.MustNotLeave.Where(static canary => !long.TryParse(canary, out _)), canary => Assert.Contains(canary, traces, StringComparison.Ordinal));
        var logs = Received(receiver, "logs");
        Assert.All(KnownLogs.MustNotLeave.Where(static canary => canary is not ("scope-text" or "scope-object" or "log-state")), canary => Assert.Contains(canary, logs, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_keep_only_the_configured_tags()
    {
        await using var receiver = await OtlpReceiver.StartAsync(TestContext.Current.CancellationToken);
        using var meter = new Meter("redacted-metrics");
        using var host = Pipeline.Build(receiver, Pipeline.Exporter.UseOtlpExporter, Pipeline.Redaction.AfterExporters, builder =>
        {
            builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter(meter.Name).SetExemplarFilter(ExemplarFilterType.AlwaysOn));
            builder.Services.Configure<TelemetryExportOptions>(static options => options.MetricTagKeys = ["error.type"]);
        });
        var provider = host.Services.GetRequiredService<MeterProvider>();

        meter.CreateCounter<long>("calls").Add(1, new("customer", "metric-tag@canary.example"), new("error.type", "authz.expired"));
        provider.ForceFlush();

        AssertCanaries(Received(receiver, "metrics"), ["metric-tag", "customer"], ["authz.expired", "calls"]);
    }

    private static void Send(OtlpReceiver receiver, Pipeline.Exporter exporter, Pipeline.Redaction redaction)
    {
        using var source = new ActivitySource($"known.{ActivitySpanId.CreateRandom()}");
        using var host = Pipeline.Build(receiver, exporter, redaction, builder => builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource(source.Name)));
        var provider = host.Services.GetRequiredService<TracerProvider>();

        KnownSpan.Emit(source);
        KnownLogs.Emit(host.Services.GetRequiredService<ILoggerFactory>());
        provider.ForceFlush();
        host.Services.GetRequiredService<LoggerProvider>().ForceFlush();
    }

    /// <summary>Everything received for one signal, as text: protobuf writes strings as plain UTF-8.</summary>
    private static string Received(OtlpReceiver receiver, string signal) =>
        string.Concat(receiver.Requests.Where(request => request.Path == "/v1/" + signal).Select(static request => Encoding.UTF8.GetString(request.Body.Span)));

    private static void AssertCanaries(string received, string[] mustNotLeave, string[] mustSurvive)
    {
        Assert.Multiple([
            .. mustSurvive.Select<string, Action>(text => () => Assert.Contains(text, received, StringComparison.Ordinal)),
            .. mustNotLeave.Select<string, Action>(text => () => Assert.DoesNotContain(text, received, StringComparison.Ordinal)),
        ]);
    }
}
