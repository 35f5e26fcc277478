using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>Redacts a log record before the processors behind it see it. Scopes are the business of <see cref="RedactingScopeProvider"/>.</summary>
internal sealed class RedactingLogProcessor(RedactionPlan plan, RedactionMetrics metrics) : BaseProcessor<LogRecord>
{
    private const string Template = "{OriginalFormat}";

    public override void OnEnd(LogRecord data)
    {
        try
        {
            if (Redact(data))
            {
                metrics.Redacted(RedactionMetrics.Log);
            }
        }
        catch (Exception)
        {
            Blank(data);
            metrics.Dropped(RedactionMetrics.Log);
        }
    }

    private bool Redact(LogRecord record)
    {
        var redacted = RedactTexts(record);
        var exception = ExceptionTags(record.Exception);
        if (exception.Count > 0)
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
        record.Body = Redact(record.Body, ref redacted);
        record.FormattedMessage = Redact(record.FormattedMessage, ref redacted);
        record.CategoryName = Redact(record.CategoryName, ref redacted);
        record.TraceState = Redact(record.TraceState, ref redacted);
        var eventName = Redact(record.EventId.Name, ref redacted);
        if (!ReferenceEquals(eventName, record.EventId.Name))
        {
            record.EventId = new EventId(record.EventId.Id, eventName);
        }

        return redacted;
    }

    private string? Redact(string? text, ref bool redacted)
    {
        var result = text is null ? null : plan.RedactText(text);
        redacted |= !ReferenceEquals(result, text);
        return result;
    }

    /// <summary>What an exporter writes for the exception, when that holds something sensitive: an exception's text cannot be changed, so attributes replace it.</summary>
    private List<KeyValuePair<string, object?>> ExceptionTags(Exception? exception)
    {
        if (exception is null)
        {
            return [];
        }

        var message = plan.RedactTag(new("exception.message", exception.Message), out var messageRedacted);
        var stackTrace = plan.RedactTag(new("exception.stacktrace", exception.ToString()), out var stackTraceRedacted);
        return messageRedacted || stackTraceRedacted ? [new("exception.type", exception.GetType().FullName), message, stackTrace] : [];
    }

    private bool RedactAttributes(LogRecord record, List<KeyValuePair<string, object?>> first, out bool isTemplate)
    {
        var redacted = false;
        var attributes = record.Attributes ?? [];
        isTemplate = attributes.Count > 0 && attributes[^1].Key == Template;
        var after = first.Count > 0 ? new List<KeyValuePair<string, object?>>(first) : null;
        after?.AddRange(attributes);
        for (var i = 0; i < attributes.Count; i++)
        {
            var tag = attributes[i];
            var result = plan.RedactTag(tag, out var tagRedacted);
            redacted |= tagRedacted;
            if (!ReferenceEquals(result.Value, tag.Value) || !ReferenceEquals(result.Key, tag.Key))
            {
                after ??= [.. attributes];
                after[first.Count + i] = result;
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
        record.Body = isTemplate ? record.Body : RedactionPlan.Erased;
        record.FormattedMessage = record.FormattedMessage is null ? null : record.Body;
    }

    private void FollowAttributes(LogRecord record)
    {
#pragma warning disable CS0618 // obsolete for readers, but an exporter that still reads the state must not find it raw
        if (record.State is { } state && !ReferenceEquals(state, record.Attributes))
        {
            record.State = (object?)record.Attributes ?? plan.RedactValue(state, out _);
        }
#pragma warning restore CS0618
    }

    private static void Blank(LogRecord record)
    {
        record.Body = RedactionPlan.Failed;
        record.FormattedMessage = record.FormattedMessage is null ? null : RedactionPlan.Failed;
        record.Attributes = null;
        record.Exception = null;
        record.TraceState = null;
#pragma warning disable CS0618 // as above
        record.State = null;
#pragma warning restore CS0618
    }
}
