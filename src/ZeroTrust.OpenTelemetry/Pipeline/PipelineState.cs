using ZeroTrust.OpenTelemetry.Diagnostics;

namespace ZeroTrust.OpenTelemetry.Pipeline;

/// <summary>Whether one provider's pipeline has been proved. Until then, and after a fault, nothing leaves.</summary>
internal sealed class PipelineState(string signal, RedactionReport report)
{
    private string? _fault;

    /// <summary>Why this provider exports nothing; <see langword="null"/> when it may.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>Stops the export of this provider for good.</summary>
    /// <param name="fault">What is wrong, for the operator.</param>
    public void Stop(string fault)
    {
        if (Interlocked.CompareExchange(ref _fault, fault, null) is null)
        {
            report.ExportStopped(signal, fault);
        }
    }
}
