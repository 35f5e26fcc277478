using System.Diagnostics;
using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.OpenTelemetry.Internal;
using ZeroTrust.OpenTelemetry.Pipeline;
using ZeroTrust.Redaction;

namespace ZeroTrust.OpenTelemetry.Tracing;

/// <summary>
/// Looks at a span once more where it is exported: a processor behind redaction or code that kept the span may have added to it since. Such a span is
/// dropped, not redacted again, because whoever wrote to it may still be writing.
/// </summary>
internal sealed class SpanScan(RedactionPolicyProvider policies, SourceRedactor sources, RedactionMetrics metrics, PipelineState state) : IExportScan<Activity>
{
    public bool MayLeave(Activity item)
    {
        if (state.Fault is not null || IsDropped(item))
        {
            return false; // counted by the processor, which sees every span
        }

        try
        {
            if (IsClean(item))
            {
                return true;
            }

            metrics.Dropped(Signals.Span, DropCauses.Dirty);
        }
        catch (Exception)
        {
            metrics.Dropped(Signals.Span, DropCauses.Failed);
        }

        return false;
    }

    /// <summary>Marks a span so that neither processors nor exporters take it.</summary>
    public static void Drop(Activity activity)
    {
        activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        activity.IsAllDataRequested = false;
    }

    /// <summary>Whether redaction has dropped the span.</summary>
    public static bool IsDropped(Activity activity) => !activity.Recorded && !activity.IsAllDataRequested;

    private bool IsClean(Activity span)
    {
        if (!AreClean(span.EnumerateTagObjects(), span) || !IsClean(span.DisplayName) || !IsClean(span.StatusDescription) || !IsClean(span.TraceStateString)
            || !sources.IsClean(span.Source))
        {
            return false;
        }

        foreach (ref readonly var entry in span.EnumerateEvents())
        {
            if (!IsClean(entry.Name) || !AreClean(entry.EnumerateTagObjects()))
            {
                return false;
            }
        }

        foreach (ref readonly var link in span.EnumerateLinks())
        {
            if (!IsClean(link.Context.TraceState) || !AreClean(link.EnumerateTagObjects()))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsClean(string? text) => text is null || ReferenceEquals(policies.Current.RedactText(text), text);

    /// <param name="tags">The attributes.</param>
    /// <param name="span">The span, where they are its own: it names the database that a statement is for.</param>
    private bool AreClean(Activity.Enumerator<KeyValuePair<string, object?>> tags, Activity? span = null)
    {
        foreach (ref readonly var tag in tags)
        {
            policies.Current.RedactTag(tag, span, static span => span is null ? null : DatabaseSystem.OfSpan(span), out var redacted);
            if (redacted)
            {
                return false;
            }
        }

        return true;
    }
}
