using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.OpenTelemetry.Internal;
using ZeroTrust.OpenTelemetry.Pipeline;
using ZeroTrust.Redaction;

namespace ZeroTrust.OpenTelemetry.Metrics;

/// <summary>Adds redaction to a meter provider while it is built.</summary>
internal static class MetricRegistration
{
    public static void Apply(IServiceProvider services, MeterProviderBuilder builder)
    {
        var keys = services.GetRequiredService<IOptions<TelemetryExportOptions>>().Value.MetricTagKeys.ToArray();
        var (policies, surfaces) = (services.GetRequiredService<RedactionPolicyProvider>(), services.GetRequiredService<SurfaceRedactor>());
        var (metrics, report) = (services.GetRequiredService<RedactionMetrics>(), services.GetRequiredService<RedactionReport>());
        var redactor = new MetricRedactor(policies, surfaces, metrics, report, keys);
        var pipeline = new MetricPipeline(policies, keys, services.GetRequiredService<ResourceRedactor>(), metrics, report);

        // The provider is known here but not complete; it is when it asks for the stream of its first instrument.
        builder.AddInstrumentation((_, provider) => pipeline.Of(provider));
        builder.AddView(instrument => pipeline.Prove() ? redactor.StreamOf(instrument) : MetricStreamConfiguration.Drop);
        if (keys.Length > 0)
        {
            builder.SetExemplarFilter(ExemplarFilterType.AlwaysOff);
        }
    }
}
