using OpenTelemetry.Logs;
using OpenTelemetry;
using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.OpenTelemetry.Pipeline;
using ZeroTrust.Redaction;

namespace ZeroTrust.OpenTelemetry.Logging;

/// <summary>
/// Stands in front of an export processor and looks at each record once more, on the thread that logs: a record is pooled, and nobody but the
/// processors can change it. What a processor has added is redacted; a record whose scopes are not redacted is dropped.
/// </summary>
internal sealed class GuardedLogExport(
    BaseProcessor<LogRecord> inner, RedactionPolicyProvider policies, LogRedactor redactor, ScopeMemory scopes, RedactionMetrics metrics, PipelineState state)
    : BaseProcessor<LogRecord>
{
    private readonly Action<LogRecordScope, Result> _lookAt = (scope, result) => LookAt(policies, scope, result);

    public override void OnEnd(LogRecord data)
    {
        if (state.Fault is not null)
        {
            return; // counted by the processor, which sees every record
        }

        redactor.Redact(data);
        var began = scopes.Begin();
        try
        {
            HandOn(data);
        }
        finally
        {
            if (began)
            {
                scopes.End();
            }
        }
    }

    protected override bool OnForceFlush(int timeoutMilliseconds) => inner.ForceFlush(timeoutMilliseconds);

    protected override bool OnShutdown(int timeoutMilliseconds) => inner.Shutdown(timeoutMilliseconds);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void HandOn(LogRecord record)
    {
        if (ScopesAreClean(record))
        {
            inner.OnEnd(record);
        }
        else
        {
            metrics.Dropped(Signals.Log, DropCauses.Dirty);
        }
    }

    private bool ScopesAreClean(LogRecord record)
    {
        try
        {
            var result = new Result();
            record.ForEachScope(_lookAt, result);
            return result.IsClean;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private static void LookAt(RedactionPolicyProvider policies, LogRecordScope scope, Result result)
    {
        if (scope.Scope is RedactedScope)
        {
            return; // cannot have been written to
        }

        foreach (var tag in scope)
        {
            // A scope without attributes is shown as one value without a key.
            bool redacted;
            if (tag.Key.Length == 0 && tag.Value is { } value)
            {
                policies.Current.RedactValue(value, out redacted);
            }
            else
            {
                policies.Current.RedactTag(tag, out redacted);
            }

            result.IsClean &= !redacted;
        }
    }

    private sealed class Result
    {
        public bool IsClean { get; set; } = true;
    }
}
