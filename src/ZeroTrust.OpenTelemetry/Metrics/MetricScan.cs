using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using OpenTelemetry.Metrics;
using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.OpenTelemetry.Pipeline;
using ZeroTrust.Redaction;

namespace ZeroTrust.OpenTelemetry.Metrics;

/// <summary>
/// Looks at a metric where it is exported. A point cannot be changed there, so a metric with a tag that must not leave is dropped as a whole: a view
/// of the application may have kept the tag, or an exemplar may bring back what a view took away.
/// </summary>
internal sealed class MetricScan(RedactionPolicyProvider policies, FrozenSet<string> keys, RedactionMetrics metrics, RedactionReport report, PipelineState state) : IExportScan<Metric>
{
    private readonly ConditionalWeakTable<Metric, object> _told = [];

    public bool MayLeave(Metric item)
    {
        if (state.Fault is not null)
        {
            metrics.Dropped(Signals.Metric, DropCauses.Stopped);
            return false;
        }

        try
        {
            if (DirtySurface(item) is not { } surface)
            {
                return true;
            }

            metrics.Dropped(Signals.Metric, DropCauses.Dirty);
            if (_told.TryAdd(item, item))
            {
                report.MetricDropped(policies.Current.RedactText(item.MeterName), policies.Current.RedactText(item.Name), surface);
            }
        }
        catch (Exception)
        {
            metrics.Dropped(Signals.Metric, DropCauses.Failed);
        }

        return false;
    }

    private string? DirtySurface(Metric metric)
    {
        if (!IsClean(metric.Name) || !IsClean(metric.Description) || !IsClean(metric.Unit))
        {
            return "name, description or unit";
        }

        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            foreach (var tag in point.Tags)
            {
                if (!MayLeave(tag))
                {
                    return "tag";
                }
            }

            if (point.TryGetExemplars(out var exemplars) && !AreClean(exemplars))
            {
                return "exemplar";
            }
        }

        return null;
    }

    private bool AreClean(ReadOnlyExemplarCollection exemplars)
    {
        foreach (ref readonly var exemplar in exemplars)
        {
            foreach (var tag in exemplar.FilteredTags)
            {
                if (!MayLeave(tag))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>A listed key is released by its list, like a kept attribute: its value is still searched.</summary>
    private bool MayLeave(KeyValuePair<string, object?> tag)
    {
        if (keys.Count > 0 && !keys.Contains(tag.Key))
        {
            return false;
        }

        if (keys.Count > 0 && tag.Value is { } value)
        {
            policies.Current.RedactValue(value, out var valueRedacted);
            return !valueRedacted;
        }

        policies.Current.RedactTag(tag, out var redacted);
        return !redacted;
    }

    private bool IsClean(string? text) => text is null || ReferenceEquals(policies.Current.RedactText(text), text);
}
