using System.Diagnostics;
using OpenTelemetry;
using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.OpenTelemetry.Internal;
using ZeroTrust.OpenTelemetry.Pipeline;

namespace ZeroTrust.OpenTelemetry.Tracing;

/// <summary>Proves the place of redaction among the processors of a tracer provider, and puts a guard in front of every exporter.</summary>
internal sealed class SpanPipeline
{
    private readonly Lock _lock = new();
    private readonly ResourceRedactor _resources;
    private readonly SpanScan _scan;
    private BaseProvider? _seen;

    public SpanPipeline(RedactionPlan plan, SourceRedactor sources, ResourceRedactor resources, SpanEditProof edits, RedactionMetrics metrics, RedactionReport report)
    {
        _resources = resources;
        State = new PipelineState(Signals.Span, report);
        _scan = new SpanScan(plan, sources, metrics, State);
        if (!edits.IsProved)
        {
            State.Stop("this runtime does not let an ended span be edited");
        }
    }

    public PipelineState State { get; }

    /// <summary>Whether the provider has been looked at.</summary>
    public bool IsProved => Volatile.Read(ref _seen) is not null;

    /// <summary>Looks at the provider; again when processors may have been added since. Never throws.</summary>
    public void Prove(BaseProvider provider)
    {
        lock (_lock)
        {
            try
            {
                if (_seen is null)
                {
                    _resources.Redact(provider);
                }

                Guard(ProcessorSlot<Activity>.ReadAll(provider));
            }
            catch (Exception exception)
            {
                State.StopUnreadable(exception);
            }

            Volatile.Write(ref _seen, provider);
        }
    }

    private void Guard(List<ProcessorSlot<Activity>> slots)
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
