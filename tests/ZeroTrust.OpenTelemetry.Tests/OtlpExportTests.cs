using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ZeroTrust.Testing;

namespace ZeroTrust.OpenTelemetry.Tests;

public sealed class OtlpExportTests
{
    public static TheoryData<ExportProcessorType, Registration> Pipelines =>
        new MatrixTheoryData<ExportProcessorType, Registration>(Enum.GetValues<ExportProcessorType>(), Enum.GetValues<Registration>());

    public enum Registration
    {
        RedactionFirst,
        RedactionLast,
        RedactionTwice,
        ProviderBuilder,
    }

    [Theory]
    [MemberData(nameof(Pipelines))]
    public async Task No_canary_leaves_in_spans(ExportProcessorType processor, Registration registration)
    {
        await using var receiver = await OtlpReceiver.StartAsync(TestContext.Current.CancellationToken);
        using var source = new ActivitySource($"spans-{processor}-{registration}");
        using var host = BuildHost(registration, services => services.AddOpenTelemetry().WithTracing(tracing =>
        {
            tracing.AddSource(source.Name).AddOtlpExporter(exporter =>
            {
                (exporter.Protocol, exporter.Endpoint, exporter.ExportProcessorType) = (OtlpExportProtocol.HttpProtobuf, new Uri(receiver.Endpoint, "v1/traces"), processor);
            });
        }));
        var provider = host.Services.GetRequiredService<TracerProvider>();

        SpanCanaries.Emit(source);
        provider.ForceFlush();

        AssertCanaries(Received(receiver, "traces"), SpanCanaries.MustNotLeave, SpanCanaries.MustSurvive);
    }

    [Theory]
    [MemberData(nameof(Pipelines))]
    public async Task No_canary_leaves_in_logs(ExportProcessorType processor, Registration registration)
    {
        await using var receiver = await OtlpReceiver.StartAsync(TestContext.Current.CancellationToken);
        using var host = BuildHost(registration, services => services.AddLogging(logging => logging.AddOpenTelemetry(options =>
        {
            options.IncludeScopes = true;
            options.IncludeFormattedMessage = true;
            options.AddOtlpExporter((exporter, export) =>
            {
                (exporter.Protocol, exporter.Endpoint, export.ExportProcessorType) = (OtlpExportProtocol.HttpProtobuf, new Uri(receiver.Endpoint, "v1/logs"), processor);
            });
        })));

        LogCanaries.Emit(host.Services.GetRequiredService<ILoggerFactory>());
        host.Services.GetRequiredService<LoggerProvider>().ForceFlush();

        AssertCanaries(Received(receiver, "logs"), LogCanaries.MustNotLeave, LogCanaries.MustSurvive);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_canary_leaves_through_UseOtlpExporter(bool redactionFirst)
    {
        await using var receiver = await OtlpReceiver.StartAsync(TestContext.Current.CancellationToken);
        using var source = new ActivitySource($"use-otlp-{redactionFirst}");
        using var host = BuildHost(redactionFirst ? Registration.RedactionFirst : Registration.RedactionLast, services =>
            services.AddOpenTelemetry()
                .WithTracing(tracing => tracing.AddSource(source.Name))
                .WithLogging(null, static options => options.IncludeScopes = true)
                .UseOtlpExporter(OtlpExportProtocol.HttpProtobuf, receiver.Endpoint));
        var provider = host.Services.GetRequiredService<TracerProvider>();

        SpanCanaries.Emit(source);
        LogCanaries.Emit(host.Services.GetRequiredService<ILoggerFactory>());
        provider.ForceFlush();
        host.Services.GetRequiredService<LoggerProvider>().ForceFlush();

        AssertCanaries(Received(receiver, "traces"), SpanCanaries.MustNotLeave, SpanCanaries.MustSurvive);
        AssertCanaries(Received(receiver, "logs"), LogCanaries.MustNotLeave, ["authz.permission_missing", "CallRefused"]);
    }

    [Fact]
    public async Task Without_redaction_every_canary_arrives()
    {
        await using var receiver = await OtlpReceiver.StartAsync(TestContext.Current.CancellationToken);
        using var source = new ActivitySource("no-redaction");
        using var host = BuildHost(registration: null, services => services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddSource(source.Name))
            .WithLogging(null, static options => options.IncludeScopes = true)
            .UseOtlpExporter(OtlpExportProtocol.HttpProtobuf, receiver.Endpoint));
        var provider = host.Services.GetRequiredService<TracerProvider>();

        SpanCanaries.Emit(source);
        LogCanaries.Emit(host.Services.GetRequiredService<ILoggerFactory>());
        provider.ForceFlush();
        host.Services.GetRequiredService<LoggerProvider>().ForceFlush();

        var traces = Received(receiver, "traces");
        Assert.All(SpanCanaries.MustNotLeave.Where(static canary => !long.TryParse(canary, out _)), canary => Assert.Contains(canary, traces, StringComparison.Ordinal));
        var logs = Received(receiver, "logs");
        Assert.All(LogCanaries.MustNotLeave.Where(static canary => canary is not ("scope-text" or "scope-object" or "log-state")), canary => Assert.Contains(canary, logs, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_keep_only_the_configured_tags()
    {
        await using var receiver = await OtlpReceiver.StartAsync(TestContext.Current.CancellationToken);
        using var meter = new Meter("redacted-metrics");
        using var host = BuildHost(Registration.RedactionLast, services => services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter(meter.Name).SetExemplarFilter(ExemplarFilterType.AlwaysOn))
            .UseOtlpExporter(OtlpExportProtocol.HttpProtobuf, receiver.Endpoint), static options => options.MetricTagKeys = ["error.type"]);
        var provider = host.Services.GetRequiredService<MeterProvider>();

        meter.CreateCounter<long>("calls").Add(1, new("customer", "metric-tag@canary.example"), new("error.type", "authz.expired"));
        provider.ForceFlush();

        AssertCanaries(Received(receiver, "metrics"), ["metric-tag", "customer"], ["authz.expired", "calls"]);
    }

    private static IHost BuildHost(Registration? registration, Action<IServiceCollection> addTelemetry, Action<RedactionOptions>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        if (registration is Registration.RedactionFirst or Registration.RedactionTwice)
        {
            builder.Services.AddZeroTrust().AddRedaction(configure);
        }

        addTelemetry(builder.Services);
        if (registration is Registration.RedactionLast or Registration.RedactionTwice)
        {
            builder.Services.AddZeroTrust().AddRedaction(configure);
        }

        if (registration is Registration.ProviderBuilder)
        {
            builder.Services.ConfigureOpenTelemetryTracerProvider(static tracing => tracing.AddZeroTrustRedaction());
            builder.Services.ConfigureOpenTelemetryLoggerProvider(static logging => logging.AddZeroTrustRedaction());
        }

        return builder.Build();
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
