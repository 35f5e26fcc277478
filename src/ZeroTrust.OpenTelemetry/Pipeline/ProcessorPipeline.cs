using OpenTelemetry;
using ZeroTrust.OpenTelemetry.Diagnostics;

namespace ZeroTrust.OpenTelemetry.Pipeline;

/// <summary>Proves the place of redaction among the processors of one provider, and puts a guard in front of every exporter.</summary>
/// <typeparam name="T">What passes through the processors.</typeparam>
internal abstract class ProcessorPipeline<T>(string signal, ResourceRedactor resources, RedactionReport report)
    where T : class
{
    /// <summary>Processors that code adds to a running provider are found within so many records; a power of two.</summary>
    private const int RecordsBetweenProofs = 1024;

    private readonly Lock _lock = new();
    private bool _isProved;
    private int _records;

    public PipelineState State { get; } = new(signal, report);

    /// <summary>Looks at the provider before its first record, and again now and then.</summary>
    public void ProveWhenDue(BaseProvider? provider)
    {
        // Not atomic: a lost count only moves the next look.
        if (!Volatile.Read(ref _isProved) || (++_records & (RecordsBetweenProofs - 1)) == 0)
        {
            Prove(provider);
        }
    }

    /// <summary>Looks at the provider now. Never throws.</summary>
    public void Prove(BaseProvider? provider)
    {
        // A fault is logged, and that record comes back here.
        if (provider is null || _lock.IsHeldByCurrentThread)
        {
            return;
        }

        lock (_lock)
        {
            try
            {
                if (!_isProved)
                {
                    resources.Redact(provider);
                }

                Guard(ProcessorSlot<T>.ReadAll(provider));
            }
            catch (Exception exception)
            {
                State.StopUnreadable(exception);
            }

            Volatile.Write(ref _isProved, value: true);
        }
    }

    /// <summary>Guards the exporters among the processors, and stops the provider where one stands before redaction.</summary>
    /// <param name="slots">The processors in the order in which they run.</param>
    protected abstract void Guard(List<ProcessorSlot<T>> slots);
}
