using System.Diagnostics;
using OpenTelemetry;
using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.OpenTelemetry.Pipeline;
using ZeroTrust.Redaction;

namespace ZeroTrust.OpenTelemetry.Tracing;

/// <summary>The processors of a tracer provider. Each exporter gets a guard of its own behind its processor, as a batch is exported on another thread.</summary>
internal sealed class SpanPipeline : ProcessorPipeline<Activity>
{
    private readonly SpanScan _scan;

    public SpanPipeline(RedactionPolicyProvider policies, SourceRedactor sources, ResourceRedactor resources, SpanEditProof edits, RedactionMetrics metrics, RedactionReport report)
        : base(Signals.Span, resources, report)
    {
        _scan = new SpanScan(policies, sources, metrics, State);
        if (!edits.IsProved)
        {
            State.Stop("this runtime does not let an ended span be edited");
        }
    }

    protected override void Guard(List<ProcessorSlot<Activity>> slots)
    {
        var isRedacted = false;
        foreach (var slot in slots)
        {
            isRedacted |= slot.Processor is RedactingActivityProcessor;
            if (slot.Processor is BaseExportProcessor<Activity> export)
            {
                Guard(export);
                if (!isRedacted)
                {
                    State.StopMisplaced();
                }
            }
        }
    }

    private void Guard(BaseExportProcessor<Activity> processor)
    {
        if (SdkField.Get(processor, SdkField.Exporter) is not BaseExporter<Activity> exporter || exporter is GuardedExporter<Activity>)
        {
            return;
        }

        var guard = new GuardedExporter<Activity>(exporter, _scan);
        if (processor is BatchExportProcessor<Activity>)
        {
            SdkField.Set(SdkField.Get(processor, SdkField.Worker)!, SdkField.WorkerExporter, guard);
        }

        SdkField.Set(processor, SdkField.Exporter, guard);
    }
}
