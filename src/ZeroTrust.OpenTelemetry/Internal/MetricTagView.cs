using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>Keeps only the configured tag keys of every instrument.</summary>
internal static class MetricTagView
{
    public static void Apply(IServiceProvider services, MeterProviderBuilder metrics)
    {
        var keys = services.GetRequiredService<IOptions<RedactionOptions>>().Value.MetricTagKeys.ToArray();
        if (keys.Length == 0)
        {
            return;
        }

        metrics.AddView(_ => new MetricStreamConfiguration { TagKeys = keys });
        metrics.SetExemplarFilter(ExemplarFilterType.AlwaysOff);
    }
}
