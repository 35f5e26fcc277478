using OpenTelemetry;
using OpenTelemetry.Logs;
using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.OpenTelemetry.Pipeline;

namespace ZeroTrust.OpenTelemetry.Logging;

/// <summary>Redacts a log record before the processors behind it see it. Never throws.</summary>
internal sealed class RedactingLogProcessor(LogRedactor redactor, LogPipeline pipeline, RedactionMetrics metrics) : BaseProcessor<LogRecord>
{
    /// <summary>Processors that code adds to a running provider are found within so many records; a power of two.</summary>
    private const int RecordsBetweenProofs = 1024;

    private int _records;

    public PipelineState State => pipeline.State;

    public override void OnEnd(LogRecord data)
    {
        // Not atomic: a lost count only moves the next look.
        if (!pipeline.IsProved || (++_records & (RecordsBetweenProofs - 1)) == 0)
        {
            Prove();
        }

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
    public void Prove()
    {
        if (ParentProvider is { } provider)
        {
            pipeline.Prove(provider);
        }
    }
}
