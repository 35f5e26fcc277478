using System.Collections.Frozen;
using OpenTelemetry.Metrics;
using OpenTelemetry;
using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.OpenTelemetry.Pipeline;
using ZeroTrust.Redaction;

namespace ZeroTrust.OpenTelemetry.Metrics;

/// <summary>Puts a guard in front of every exporter of a meter provider.</summary>
internal sealed class MetricPipeline
{
    private readonly Lock _lock = new();
    private readonly ResourceRedactor _resources;
    private readonly MetricScan _scan;
    private MeterProvider? _provider;
    private bool _seen;

    public MetricPipeline(RedactionPolicyProvider policies, IEnumerable<string> keys, ResourceRedactor resources, RedactionMetrics metrics, RedactionReport report)
    {
        _resources = resources;
        State = new PipelineState(Signals.Metric, report);
        _scan = new MetricScan(policies, keys.ToFrozenSet(StringComparer.Ordinal), metrics, report, State);
    }

    public PipelineState State { get; }

    /// <summary>Names the provider.</summary>
    /// <param name="provider">The provider, which may still be under construction.</param>
    public MetricPipeline Of(MeterProvider provider)
    {
        _provider = provider;
        return this;
    }

    /// <summary>Looks at the provider: before its first instrument is collected, and so before it exports anything. Never throws.</summary>
    /// <returns>Whether anything may be collected.</returns>
    public bool Prove()
    {
        lock (_lock)
        {
            if (!_seen)
            {
                _seen = true; // first: a fault is logged, and logging makes instruments
                Look();
            }
        }

        return State.Fault is null;
    }

    private void Look()
    {
        try
        {
            var provider = _provider ?? throw new InvalidOperationException("the provider did not introduce itself");
            _resources.Redact(provider);
            Guard(SdkField.Get(provider, SdkField.Reader));
        }
        catch (Exception exception)
        {
            State.StopUnreadable(exception);
        }
    }

    private void Guard(object? reader)
    {
        if (reader is BaseExportingMetricReader exporting)
        {
            if (SdkField.Get(exporting, SdkField.Exporter) is BaseExporter<Metric> exporter and not GuardedExporter<Metric>)
            {
                SdkField.Set(exporting, SdkField.Exporter, new GuardedExporter<Metric>(exporter, _scan));
            }
        }
        else if (reader is not null && reader.GetType().Name == "CompositeMetricReader")
        {
            for (var node = SdkField.Get(reader, SdkField.Head); node is not null; node = SdkField.Get(node, SdkField.Next))
            {
                Guard(SdkField.Get(node, SdkField.Value));
            }
        }
    }
}
