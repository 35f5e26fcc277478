using System.Diagnostics;
using System.Runtime.CompilerServices;
using OpenTelemetry;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>
/// Redacts an ended span in place, before the processors behind it see it. The collections of an ended span have no remove or replace, but
/// their public enumerators hand out references to the live entries; the constructor proves that writing through them is seen.
/// </summary>
internal sealed class RedactingActivityProcessor : BaseProcessor<Activity>
{
    private readonly RedactionPlan _plan;
    private readonly RedactionMetrics _metrics;

    /// <exception cref="PlatformNotSupportedException">This runtime does not let an ended span be edited.</exception>
    public RedactingActivityProcessor(RedactionPlan plan, RedactionMetrics metrics)
    {
        (_plan, _metrics) = (plan, metrics);
        ProveThatEditsAreSeen();
    }

    public override void OnEnd(Activity data)
    {
        if (!data.Recorded && !data.IsAllDataRequested)
        {
            return; // dropped by an earlier pass
        }

        try
        {
            if (Redact(data))
            {
                _metrics.Redacted(RedactionMetrics.Span);
            }
        }
        catch (Exception)
        {
            // Exporters skip a span that is not recorded; the application must not notice.
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            data.IsAllDataRequested = false;
            _metrics.Dropped(RedactionMetrics.Span);
        }
    }

    private bool Redact(Activity activity)
    {
        var redacted = Redact(activity.EnumerateTagObjects());
        foreach (ref readonly var entry in activity.EnumerateEvents())
        {
            redacted |= Redact(entry.EnumerateTagObjects());
            var name = _plan.RedactText(entry.Name);
            if (!ReferenceEquals(name, entry.Name))
            {
                Unsafe.AsRef(in entry) = new ActivityEvent(name, entry.Timestamp, [.. entry.Tags]);
                redacted = true;
            }
        }

        foreach (ref readonly var link in activity.EnumerateLinks())
        {
            redacted |= Redact(link.EnumerateTagObjects());
            if (link.Context.TraceState is { } state && !ReferenceEquals(_plan.RedactText(state), state))
            {
                var context = new ActivityContext(link.Context.TraceId, link.Context.SpanId, link.Context.TraceFlags, traceState: null, link.Context.IsRemote);
                Unsafe.AsRef(in link) = new ActivityLink(context, link.Tags is null ? null : [.. link.Tags]);
                redacted = true;
            }
        }

        return RedactText(activity) || redacted;
    }

    private bool Redact(Activity.Enumerator<KeyValuePair<string, object?>> tags)
    {
        var any = false;
        foreach (ref readonly var tag in tags)
        {
            var result = _plan.RedactTag(tag, out var redacted);
            any |= redacted;
            if (!ReferenceEquals(result.Value, tag.Value) || !ReferenceEquals(result.Key, tag.Key))
            {
                Unsafe.AsRef(in tag) = result;
            }
        }

        return any;
    }

    private bool RedactText(Activity activity)
    {
        var redacted = false;
        var name = _plan.RedactText(activity.DisplayName);
        if (!ReferenceEquals(name, activity.DisplayName))
        {
            activity.DisplayName = name;
            redacted = true;
        }

        if (activity.StatusDescription is { } status && _plan.RedactText(status) is var newStatus && !ReferenceEquals(newStatus, status))
        {
            activity.SetStatus(activity.Status, newStatus);
            redacted = true;
        }

        // Foreign input that the protocol forbids us to edit: it goes as a whole.
        if (activity.TraceStateString is { } state && !ReferenceEquals(_plan.RedactText(state), state))
        {
            activity.TraceStateString = null;
            redacted = true;
        }

        return redacted;
    }

    private static void ProveThatEditsAreSeen()
    {
        KeyValuePair<string, object?> before = new("k", "before"), after = new("k", "after");
        using var activity = new Activity("self-test");
        activity.AddTag(before.Key, before.Value);
        activity.AddEvent(new ActivityEvent("before"));
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            Unsafe.AsRef(in tag) = after;
        }

        foreach (ref readonly var entry in activity.EnumerateEvents())
        {
            Unsafe.AsRef(in entry) = new ActivityEvent("after");
        }

        if (!Equals(activity.GetTagItem("k"), after.Value) || activity.Events.Single().Name != "after")
        {
            throw new PlatformNotSupportedException("Spans cannot be redacted on this runtime: edits of an ended span are not seen.");
        }
    }
}
