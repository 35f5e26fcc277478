using OpenTelemetry;
using OpenTelemetry.Logs;
using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.OpenTelemetry.Internal;
using ZeroTrust.OpenTelemetry.Pipeline;

namespace ZeroTrust.OpenTelemetry.Logging;

/// <summary>Proves the place of redaction among the processors of a logger provider, and puts a guard in front of every exporter.</summary>
internal sealed class LogPipeline(RedactionPlan plan, LogRedactor redactor, ResourceRedactor resources, RedactionMetrics metrics, RedactionReport report)
{
    private readonly Lock _lock = new();
    private BaseProvider? _seen;

    public PipelineState State { get; } = new(Signals.Log, report);

    /// <summary>Whether the provider has been looked at.</summary>
    public bool IsProved => Volatile.Read(ref _seen) is not null;

    /// <summary>Looks at the provider; again when processors may have been added since. Never throws.</summary>
    public void Prove(BaseProvider provider)
    {
        lock (_lock)
        {
            var isFirst = _seen is null;
            Volatile.Write(ref _seen, provider); // first: a fault is logged, and that record comes back here
            try
            {
                if (isFirst)
                {
                    resources.Redact(provider);
                }

                Guard(ProcessorSlot<LogRecord>.ReadAll(provider));
            }
            catch (Exception exception)
            {
                State.StopUnreadable(exception);
            }
        }
    }

    private void Guard(List<ProcessorSlot<LogRecord>> slots)
    {
        var isRedacted = false;
        foreach (var slot in slots)
        {
            isRedacted |= slot.Processor is RedactingLogProcessor;
            if (slot.Processor is BaseExportProcessor<LogRecord>)
            {
                slot.Replace(new GuardedLogExport(slot.Processor, plan, redactor, metrics, State));
            }

            if (slot.Processor is BaseExportProcessor<LogRecord> or GuardedLogExport && !isRedacted)
            {
                State.StopMisplaced();
            }
        }
    }
}
