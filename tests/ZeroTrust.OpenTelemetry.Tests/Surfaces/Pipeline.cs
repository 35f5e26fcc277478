using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ZeroTrust.Testing;

namespace ZeroTrust.OpenTelemetry.Tests.Surfaces;

/// <summary>A service that exports all three signals over OTLP to a receiver.</summary>
internal static class Pipeline
{
    public enum Exporter
    {
        Simple,
        Batch,
        UseOtlpExporter,
    }

    public enum Redaction
    {
        None,
        BeforeExporters,
        AfterExporters,
        Twice,
        OnEachProvider,
    }

    public static IHost Build(OtlpReceiver receiver, Exporter exporter, Redaction redaction, Action<HostApplicationBuilder>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        if (redaction is Redaction.BeforeExporters or Redaction.Twice)
        {
            builder.Services.AddZeroTrust().AddRedaction();
        }

        builder.Services.AddRedactionCanaries();
        AddExporters(builder, receiver, exporter);
        builder.Services.Configure<OpenTelemetryLoggerOptions>(static options => (options.IncludeScopes, options.IncludeFormattedMessage) = (true, true));
        configure?.Invoke(builder);
        if (redaction is Redaction.AfterExporters or Redaction.Twice)
        {
            builder.Services.AddZeroTrust().AddRedaction();
        }

        if (redaction is Redaction.OnEachProvider)
        {
            builder.Services.ConfigureOpenTelemetryTracerProvider(static tracing => tracing.AddZeroTrustRedaction());
            builder.Services.ConfigureOpenTelemetryLoggerProvider(static logging => logging.AddZeroTrustRedaction());
            builder.Services.ConfigureOpenTelemetryMeterProvider(static metrics => metrics.AddZeroTrustRedaction());
        }

        return builder.Build();
    }

    /// <summary>Options of an exporter that sends one signal to the receiver.</summary>
    public static void To(OtlpReceiver receiver, string signal, OtlpExporterOptions options, ExportProcessorType processor) =>
        (options.Protocol, options.Endpoint, options.ExportProcessorType) = (OtlpExportProtocol.HttpProtobuf, new Uri(receiver.Endpoint, "v1/" + signal), processor);

    private static void AddExporters(HostApplicationBuilder builder, OtlpReceiver receiver, Exporter exporter)
    {
        var telemetry = builder.Services.AddOpenTelemetry();
        if (exporter == Exporter.UseOtlpExporter)
        {
            telemetry.WithTracing().WithLogging().WithMetrics().UseOtlpExporter(OtlpExportProtocol.HttpProtobuf, receiver.Endpoint);
            return;
        }

        var processor = exporter == Exporter.Simple ? ExportProcessorType.Simple : ExportProcessorType.Batch;
        telemetry
            .WithTracing(tracing => tracing.AddOtlpExporter(options => To(receiver, "traces", options, processor)))
            .WithMetrics(metrics => metrics.AddOtlpExporter(options => To(receiver, "metrics", options, processor)))
            .WithLogging(logging => logging.AddOtlpExporter((options, export) =>
            {
                To(receiver, "logs", options, processor);
                export.ExportProcessorType = processor;
            }));
    }
}
