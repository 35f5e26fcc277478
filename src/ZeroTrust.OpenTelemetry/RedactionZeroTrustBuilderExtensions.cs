using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.OpenTelemetry;
using ZeroTrust.OpenTelemetry.Pipeline;
using ZeroTrust.Redaction;

namespace ZeroTrust;

/// <summary>Adds redaction of telemetry to a service.</summary>
public static class RedactionZeroTrustBuilderExtensions
{
    /// <summary>
    /// Redacts every span, log record and metric of every OpenTelemetry provider in this container, before any of its exporters sees it.
    /// Safe to call more than once, before or after the exporters are registered.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options after <see cref="RedactionOptions.SectionName"/> has been bound.</param>
    /// <param name="export">Changes the options after <see cref="TelemetryExportOptions.SectionName"/> has been bound.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// Redaction is the first processor of each pipeline, and looks again in front of each exporter, where a span that is not clean is dropped. What a
    /// processor of the application adds in its own <c>OnEnd</c> is redacted by a second pass: call <c>AddZeroTrustRedaction()</c> on the provider
    /// builder, after that processor and before the exporter. A host whose exporter stands in front of redaction does not start.
    /// </remarks>
    public static IZeroTrustBuilder AddRedaction(
        this IZeroTrustBuilder builder, Action<RedactionOptions>? configure = null, Action<TelemetryExportOptions>? export = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        RedactionRegistration.AddTracing(builder.Services);
        RedactionRegistration.AddLogging(builder.Services);
        RedactionRegistration.AddMetrics(builder.Services);
        RedactionRegistration.AddBaggage(builder.Services);
        if (configure is not null)
        {
            builder.Services.Configure(configure);
        }

        if (export is not null)
        {
            builder.Services.Configure(export);
        }

        return builder;
    }
}
