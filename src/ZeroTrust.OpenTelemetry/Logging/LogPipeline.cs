using OpenTelemetry.Logs;
using OpenTelemetry;
using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.OpenTelemetry.Pipeline;
using ZeroTrust.Redaction;

namespace ZeroTrust.OpenTelemetry.Logging;

/// <summary>The processors of a logger provider. The guard stands in front of each export processor, as a record belongs to the thread that logs.</summary>
internal sealed class LogPipeline(
    RedactionPolicyProvider policies, LogRedactor redactor, ScopeMemory scopes, ResourceRedactor resources, RedactionMetrics metrics, RedactionReport report)
    : ProcessorPipeline<LogRecord>(Signals.Log, resources, report)
{
    protected override void Guard(List<ProcessorSlot<LogRecord>> slots)
    {
        var isRedacted = false;
        foreach (var slot in slots)
        {
            isRedacted |= slot.Processor is RedactingLogProcessor;
            if (slot.Processor is BaseExportProcessor<LogRecord>)
            {
                slot.Replace(new GuardedLogExport(slot.Processor, policies, redactor, scopes, metrics, State));
            }

            if (slot.Processor is BaseExportProcessor<LogRecord> or GuardedLogExport && !isRedacted)
            {
                State.StopMisplaced();
            }
        }
    }
}
