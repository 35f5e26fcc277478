using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using OpenTelemetry;
using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.OpenTelemetry.Internal;
using ZeroTrust.OpenTelemetry.Logging;
using ZeroTrust.OpenTelemetry.Metrics;
using ZeroTrust.OpenTelemetry.Propagation;
using ZeroTrust.OpenTelemetry.Tracing;
using ZeroTrust.Shared;

namespace ZeroTrust.OpenTelemetry.Pipeline;

/// <summary>Puts redaction in front of every pipeline, once per container.</summary>
internal static class RedactionRegistration
{
    public static void AddTracing(IServiceCollection services)
    {
        if (IsFirst<SpanMarker>(services))
        {
            services.AddSingleton<SpanMarker>();
            AddCore(services);
            services.ConfigureOpenTelemetryTracerProvider(static tracing => tracing.AddProcessor(CreateSpanProcessor));
            MoveLastToFront(services);
        }
    }

    public static void AddLogging(IServiceCollection services)
    {
        if (IsFirst<LogMarker>(services))
        {
            services.AddSingleton<LogMarker>();
            AddCore(services);
            services.ConfigureOpenTelemetryLoggerProvider(static logging => logging.AddProcessor(CreateLogProcessor));
            MoveLastToFront(services);
            services.AddSingleton<ILoggerProvider, ScopeRedactionLoggerProvider>();
        }
    }

    public static void AddMetrics(IServiceCollection services)
    {
        if (IsFirst<MetricMarker>(services))
        {
            services.AddSingleton<MetricMarker>();
            AddCore(services);
            services.ConfigureOpenTelemetryMeterProvider(MetricRegistration.Apply);
        }
    }

    public static void AddBaggage(IServiceCollection services)
    {
        if (IsFirst<BaggageDestinations>(services))
        {
            services.AddSingleton<BaggageDestinations>();
            services.AddHostedService<BaggageGuard>();
        }
    }

    public static BaseProcessor<Activity> CreateSpanProcessor(IServiceProvider services) =>
        ActivatorUtilities.CreateInstance<RedactingActivityProcessor>(services, ActivatorUtilities.CreateInstance<SpanPipeline>(services));

    public static BaseProcessor<LogRecord> CreateLogProcessor(IServiceProvider services) =>
        ActivatorUtilities.CreateInstance<RedactingLogProcessor>(services, ActivatorUtilities.CreateInstance<LogPipeline>(services));

    private static void AddCore(IServiceCollection services)
    {
        if (IsFirst<ExportPolicyProvider>(services))
        {
            services.AddRedactionPolicy();
            services.AddSettings<TelemetryExportOptions>(
                TelemetryExportOptions.SectionName, TelemetryExportSettings.Shape, static (section, options) => section.Bind(options));
            services.AddSingleton<IValidateOptions<TelemetryExportOptions>, MetricTagKeysValidator>();
            services.AddSingleton<IValidateOptions<TelemetryExportOptions>, BaggageDestinationsValidator>();
            services.AddSingleton<IValidateOptions<TelemetryExportOptions>, ExplainRedactionsValidator>();
            services.AddSingleton<ExportPolicyProvider>();
            services.AddSingleton<RedactionMetrics>();
            services.AddSingleton<RedactionReport>();
            services.AddSingleton<SurfaceRedactor>();
            services.AddSingleton<ResourceRedactor>();
            services.AddSingleton<SpanEditProof>();
            services.AddSingleton<SourceRedactor>();
            services.AddSingleton<SpanRedactor>();
            services.AddSingleton<LogRedactor>();
            services.AddSingleton<ScopeMemory>();
            services.AddHostedService<PipelineCheck>();
        }
    }

    private static bool IsFirst<TService>(IServiceCollection services) =>
        !services.Any(static service => service.ServiceType == typeof(TService));

    /// <summary>Provider callbacks run in the order of registration; the first one adds the first processor, so no exporter can be before it.</summary>
    private static void MoveLastToFront(IServiceCollection services)
    {
        var descriptor = services[^1];
        services.RemoveAt(services.Count - 1);
        services.Insert(0, descriptor);
    }

    private sealed class SpanMarker;

    private sealed class LogMarker;

    private sealed class MetricMarker;
}
