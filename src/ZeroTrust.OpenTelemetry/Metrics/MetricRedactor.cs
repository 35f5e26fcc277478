using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.OpenTelemetry.Internal;
using ZeroTrust.Redaction;

namespace ZeroTrust.OpenTelemetry.Metrics;

/// <summary>
/// Decides what becomes of an instrument when it appears. A view can keep tag keys and rewrite a description; a name, a unit and what belongs to
/// the meter cannot be changed, so an instrument that is not clean there is not collected.
/// </summary>
internal sealed class MetricRedactor(RedactionPolicyProvider policies, SurfaceRedactor surfaces, RedactionMetrics metrics, RedactionReport report, string[] keys)
{
    /// <summary>The stream to collect; <see langword="null"/> when there is nothing to change.</summary>
    public MetricStreamConfiguration? StreamOf(Instrument instrument)
    {
        try
        {
            if (DirtySurface(instrument) is { } surface)
            {
                report.MetricDropped(policies.Current.RedactText(instrument.Meter.Name), policies.Current.RedactText(instrument.Name), surface);
                metrics.Dropped(Signals.Metric, DropCauses.Dirty);
                return MetricStreamConfiguration.Drop;
            }

            var redacted = false;
            var description = instrument.Description is { } text ? surfaces.Text(Signals.Metric, "description", text, ref redacted) : null;
            return redacted || keys.Length > 0 ? Stream(description) : null;
        }
        catch (Exception)
        {
            metrics.Dropped(Signals.Metric, DropCauses.Failed);
            return MetricStreamConfiguration.Drop;
        }
    }

    private MetricStreamConfiguration Stream(string? description)
    {
        var stream = new MetricStreamConfiguration { Description = description };
        if (keys.Length > 0)
        {
            stream.TagKeys = keys;
        }

        return stream;
    }

    private string? DirtySurface(Instrument instrument) => instrument switch
    {
        _ when !IsClean(instrument.Name) => "name",
        _ when !IsClean(instrument.Unit) => "unit",
        _ when !IsClean(instrument.Meter.Name) => "meter name",
        _ when !IsClean(instrument.Meter.Version) => "meter version",
        _ when !IsClean(instrument.Meter.TelemetrySchemaUrl) => "meter schema",
        _ when instrument.Meter.Tags?.All(IsClean) is false => "meter tag",
        _ => null,
    };

    private bool IsClean(string? text) => text is null || ReferenceEquals(policies.Current.RedactText(text), text);

    private bool IsClean(KeyValuePair<string, object?> tag)
    {
        policies.Current.RedactTag(tag, out var redacted);
        return !redacted;
    }
}
