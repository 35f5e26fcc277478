using OpenTelemetry;
using OpenTelemetry.Logs;
using ZeroTrust.OpenTelemetry.Diagnostics;

namespace ZeroTrust.OpenTelemetry.Logging;

/// <summary>Redacts a log record before the processors behind it see it. Never throws.</summary>
internal sealed class RedactingLogProcessor(LogRedactor redactor, LogPipeline pipeline, RedactionMetrics metrics) : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        pipeline.ProveWhenDue(ParentProvider);
        if (pipeline.State.Fault is null)
        {
            redactor.Redact(data);
        }
        else
        {
            redactor.Blank(data);
            metrics.Dropped(Signals.Log, DropCauses.Stopped);
        }
    }

    /// <summary>Looks at the pipeline now rather than at the first record.</summary>
    public void Prove() => pipeline.Prove(ParentProvider);
}
