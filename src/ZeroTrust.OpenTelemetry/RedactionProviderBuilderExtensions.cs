using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ZeroTrust.OpenTelemetry.Pipeline;
using ZeroTrust.OpenTelemetry;

namespace ZeroTrust;

/// <summary>Adds redaction to one OpenTelemetry provider, for providers built without a host and for a second pass behind own processors.</summary>
public static class RedactionProviderBuilderExtensions
{
    /// <summary>Redacts spans before the first processor of this provider, and again at this position of its pipeline.</summary>
    /// <param name="builder">The provider builder.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="NotSupportedException">The provider is being built already.</exception>
    public static TracerProviderBuilder AddZeroTrustRedaction(this TracerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureServices(RedactionRegistration.AddTracing)
            .AddProcessor(RedactionRegistration.CreateSpanProcessor);
    }

    /// <summary>Redacts log records before the first processor of this provider, and again at this position of its pipeline.</summary>
    /// <inheritdoc cref="AddZeroTrustRedaction(TracerProviderBuilder)" path="/*[self::param or self::returns or self::exception]"/>
    public static LoggerProviderBuilder AddZeroTrustRedaction(this LoggerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureServices(RedactionRegistration.AddLogging)
            .AddProcessor(RedactionRegistration.CreateLogProcessor);
    }

    /// <summary>Applies <see cref="TelemetryExportOptions.MetricTagKeys"/> to this provider.</summary>
    /// <inheritdoc cref="AddZeroTrustRedaction(TracerProviderBuilder)" path="/*[self::param or self::returns or self::exception]"/>
    public static MeterProviderBuilder AddZeroTrustRedaction(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureServices(RedactionRegistration.AddMetrics);
    }
}
