using System.Diagnostics;
using System.Runtime.CompilerServices;
using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.OpenTelemetry.Internal;

namespace ZeroTrust.OpenTelemetry.Tracing;

/// <summary>
/// Redacts an ended span. Its own attributes are written through the references that the public enumerators hand out, since an ended span has
/// no other way; events and links are replaced as a whole, because their attributes may be shared with other spans.
/// </summary>
internal sealed class SpanRedactor(SurfaceRedactor surfaces, SourceRedactor sources)
{
    /// <returns>Whether something was redacted.</returns>
    public bool Redact(Activity activity)
    {
        var redacted = false;
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            var result = surfaces.Tag(Signals.Span, "attribute", tag, activity, DatabaseSystem.OfSpan, ref redacted);
            if (!IsSame(result, tag))
            {
                Unsafe.AsRef(in tag) = result;
            }
        }

        RedactEvents(activity, ref redacted);
        RedactLinks(activity, ref redacted);
        RedactTexts(activity, ref redacted);
        sources.Redact(activity, ref redacted);
        return redacted;
    }

    private static bool IsSame(in KeyValuePair<string, object?> result, in KeyValuePair<string, object?> tag) =>
        ReferenceEquals(result.Value, tag.Value) && ReferenceEquals(result.Key, tag.Key);

    private void RedactEvents(Activity activity, ref bool redacted)
    {
        foreach (ref readonly var entry in activity.EnumerateEvents())
        {
            var name = surfaces.Text(Signals.Span, "event name", entry.Name, ref redacted);
            var tags = Replacement(entry.EnumerateTagObjects(), "event attribute", ref redacted);
            if (tags is not null || !ReferenceEquals(name, entry.Name))
            {
                Unsafe.AsRef(in entry) = new ActivityEvent(name, entry.Timestamp, tags ?? Copy(entry.EnumerateTagObjects()));
            }
        }
    }

    private void RedactLinks(Activity activity, ref bool redacted)
    {
        foreach (ref readonly var link in activity.EnumerateLinks())
        {
            // Foreign input that the protocol forbids to edit: it goes as a whole.
            var (context, state) = (link.Context, link.Context.TraceState);
            if (state is not null && !ReferenceEquals(surfaces.Text(Signals.Span, "link trace state", state, ref redacted), state))
            {
                context = new ActivityContext(context.TraceId, context.SpanId, context.TraceFlags, traceState: null, context.IsRemote);
            }

            var tags = Replacement(link.EnumerateTagObjects(), "link attribute", ref redacted);
            if (tags is not null || context != link.Context)
            {
                Unsafe.AsRef(in link) = new ActivityLink(context, tags ?? Copy(link.EnumerateTagObjects()));
            }
        }
    }

    /// <summary>The attributes after redaction; <see langword="null"/> when all stay as they are.</summary>
    private ActivityTagsCollection? Replacement(Activity.Enumerator<KeyValuePair<string, object?>> tags, string surface, ref bool redacted)
    {
        ActivityTagsCollection? replacement = null;
        var kept = 0;
        foreach (ref readonly var tag in tags)
        {
            var result = surfaces.Tag(Signals.Span, surface, tag, ref redacted);
            if (replacement is null && IsSame(result, tag))
            {
                kept++;
                continue;
            }

            replacement ??= Copy(tags, kept);
            AddOnce(replacement, result);
        }

        return replacement;
    }

    private static ActivityTagsCollection Copy(Activity.Enumerator<KeyValuePair<string, object?>> tags, int count = int.MaxValue)
    {
        ActivityTagsCollection copy = [];
        foreach (ref readonly var tag in tags)
        {
            if (count-- == 0)
            {
                break;
            }

            AddOnce(copy, tag);
        }

        return copy;
    }

    /// <summary>Two keys can be the same after redaction; the collection throws on the second.</summary>
    private static void AddOnce(ActivityTagsCollection tags, KeyValuePair<string, object?> tag)
    {
        if (!tags.ContainsKey(tag.Key))
        {
            tags.Add(tag);
        }
    }

    private void RedactTexts(Activity activity, ref bool redacted)
    {
        var name = surfaces.Text(Signals.Span, "name", activity.DisplayName, ref redacted);
        if (!ReferenceEquals(name, activity.DisplayName))
        {
            activity.DisplayName = name;
        }

        if (activity.StatusDescription is { } status && surfaces.Text(Signals.Span, "status description", status, ref redacted) is var newStatus
            && !ReferenceEquals(newStatus, status))
        {
            activity.SetStatus(activity.Status, newStatus);
        }

        if (activity.TraceStateString is { } state && !ReferenceEquals(surfaces.Text(Signals.Span, "trace state", state, ref redacted), state))
        {
            activity.TraceStateString = null;
        }
    }
}
