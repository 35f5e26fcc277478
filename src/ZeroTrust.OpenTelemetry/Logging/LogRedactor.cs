using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.OpenTelemetry.Internal;
using ZeroTrust.Redaction;

namespace ZeroTrust.OpenTelemetry.Logging;

/// <summary>Redacts a log record in place, and blanks it when that fails. Scopes are the business of <see cref="RedactingScopeProvider"/>.</summary>
internal sealed class LogRedactor(RedactionPolicyProvider policies, SurfaceRedactor surfaces, RedactionMetrics metrics)
{
    private const string Template = "{OriginalFormat}";

    /// <summary>Redacts the record. Does not throw.</summary>
    public void Redact(LogRecord record)
    {
        try
        {
            if (RedactParts(record))
            {
                metrics.Redacted(Signals.Log);
            }
        }
        catch (Exception)
        {
            Blank(record);
            metrics.Dropped(Signals.Log, DropCauses.Failed);
        }
    }

    /// <summary>Leaves nothing of a record but its level, time, category and event id.</summary>
    public void Blank(LogRecord record)
    {
        record.CategoryName = CategoryOf(record);
        record.EventId = new EventId(record.EventId.Id);
        record.Body = RedactionPolicy.Failed;
        record.FormattedMessage = record.FormattedMessage is null ? null : RedactionPolicy.Failed;
        record.Attributes = null;
        record.Exception = null;
        record.TraceState = null;
#pragma warning disable CS0618 // as above
        record.State = null;
#pragma warning restore CS0618
    }

    private string? CategoryOf(LogRecord record)
    {
        try
        {
            return record.CategoryName is { } category ? policies.Current.RedactText(category) : null;
        }
        catch (Exception)
        {
            return RedactionPolicy.Failed;
        }
    }

    private static bool IsOwn(LogRecord record) => record.CategoryName == RedactionReport.Category;

    private bool RedactParts(LogRecord record)
    {
        var redacted = RedactTexts(record);
        var exception = ExceptionTags(record);
        if (exception is not null)
        {
            record.Exception = null;
            redacted = true;
        }

        if (RedactAttributes(record, exception, out var isTemplate))
        {
            HideRendered(record, isTemplate);
            redacted = true;
        }

        FollowAttributes(record);
        return redacted;
    }

    private bool RedactTexts(LogRecord record)
    {
        var redacted = false;
        var isOwn = IsOwn(record);
        record.Body = Redact("body", record.Body, ref redacted, isOwn);
        record.FormattedMessage = Redact("message", record.FormattedMessage, ref redacted, isOwn);
        record.CategoryName = Redact("category", record.CategoryName, ref redacted, isOwn);
        record.TraceState = Redact("trace state", record.TraceState, ref redacted, isOwn);
        var eventName = Redact("event name", record.EventId.Name, ref redacted, isOwn);
        if (!ReferenceEquals(eventName, record.EventId.Name))
        {
            record.EventId = new EventId(record.EventId.Id, eventName);
        }

        return redacted;
    }

    private string? Redact(string surface, string? text, ref bool redacted, bool isOwn) =>
        text is null ? null : surfaces.Text(Signals.Log, surface, text, ref redacted, isOwn);

    /// <summary>What an exporter writes for the exception, when that holds something sensitive: an exception's text cannot be changed, so attributes replace it.</summary>
    private List<KeyValuePair<string, object?>>? ExceptionTags(LogRecord record)
    {
        if (record.Exception is not { } exception)
        {
            return null;
        }

        var redacted = false;
        var isOwn = IsOwn(record);
        var message = surfaces.Tag(Signals.Log, "exception", new("exception.message", exception.Message), ref redacted, isOwn);
        var stackTrace = surfaces.Tag(Signals.Log, "exception", new("exception.stacktrace", exception.ToString()), ref redacted, isOwn);
        return redacted ? [new("exception.type", exception.GetType().FullName), message, stackTrace] : null;
    }

    private bool RedactAttributes(LogRecord record, List<KeyValuePair<string, object?>>? first, out bool isTemplate)
    {
        var redacted = false;
        var isOwn = IsOwn(record);
        var attributes = record.Attributes ?? [];
        isTemplate = attributes.Count > 0 && attributes[^1].Key == Template;
        var after = first is null ? null : new List<KeyValuePair<string, object?>>(first);
        after?.AddRange(attributes);
        for (var i = 0; i < attributes.Count; i++)
        {
            var tag = attributes[i];
            var result = surfaces.Tag(Signals.Log, "attribute", tag, attributes, DatabaseSystem.OfLog, ref redacted, isOwn);
            if (!ReferenceEquals(result.Value, tag.Value) || !ReferenceEquals(result.Key, tag.Key))
            {
                after ??= [.. attributes];
                after[(first?.Count ?? 0) + i] = result;
            }
        }

        if (after is not null)
        {
            record.Attributes = after;
        }

        return redacted;
    }

    /// <summary>A value that is gone from the attributes is still in the text rendered from them; the template says the rest.</summary>
    private static void HideRendered(LogRecord record, bool isTemplate)
    {
        record.Body = isTemplate ? record.Body : RedactionPolicy.Erased;
        record.FormattedMessage = record.FormattedMessage is null ? null : record.Body;
    }

    private void FollowAttributes(LogRecord record)
    {
#pragma warning disable CS0618 // obsolete for readers, but an exporter that still reads the state must not find it raw
        if (record.State is { } state && !ReferenceEquals(state, record.Attributes))
        {
            record.State = (object?)record.Attributes ?? policies.Current.RedactValue(state, out _);
        }
#pragma warning restore CS0618
    }
}
