using ZeroTrust.OpenTelemetry.Diagnostics;

namespace ZeroTrust.OpenTelemetry.Pipeline;

/// <summary>Whether one provider's pipeline has been proved. Until then, and after a fault, nothing leaves.</summary>
internal sealed class PipelineState(string signal, RedactionReport report)
{
    private string? _fault;

    /// <summary>Why this provider exports nothing; <see langword="null"/> when it may.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>Stops it, as an exporter would see what redaction has not.</summary>
    public void StopMisplaced() => Stop(
        "an exporter stands before redaction. Call AddRedaction() after the registration that put it first, or AddZeroTrustRedaction() on the provider builder before it");

    /// <summary>Stops it, as nothing is known about its pipeline.</summary>
    public void StopUnreadable(Exception exception) => Stop($"the pipeline of this version of OpenTelemetry cannot be read ({exception.GetType().Name})");

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
