using System.Diagnostics;
using OpenTelemetry;
using ZeroTrust.OpenTelemetry.Diagnostics;

namespace ZeroTrust.OpenTelemetry.Tracing;

/// <summary>The one writer: redacts an ended span before the processors behind it see it, and drops it when that fails. Never throws.</summary>
internal sealed class RedactingActivityProcessor(SpanRedactor redactor, SpanPipeline pipeline, RedactionMetrics metrics) : BaseProcessor<Activity>
{
    /// <summary>Before the first span can end, so that an exporter that stands before this processor is found before it exports.</summary>
    public override void OnStart(Activity data) => pipeline.ProveWhenDue(ParentProvider);

    public override void OnEnd(Activity data)
    {
        if (SpanScan.IsDropped(data))
        {
            return; // by an earlier pass
        }

        pipeline.ProveWhenDue(ParentProvider);
        if (pipeline.State.Fault is not null)
        {
            SpanScan.Drop(data);
            metrics.Dropped(Signals.Span, DropCauses.Stopped);
            return;
        }

        try
        {
            if (redactor.Redact(data))
            {
                metrics.Redacted(Signals.Span);
            }
        }
        catch (Exception)
        {
            SpanScan.Drop(data);
            metrics.Dropped(Signals.Span, DropCauses.Failed);
        }
    }

    /// <summary>Looks at the pipeline now rather than at the first span.</summary>
    public void Prove() => pipeline.Prove(ParentProvider);
}
