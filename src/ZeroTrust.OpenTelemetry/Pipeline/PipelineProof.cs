using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Logs;
using ZeroTrust.OpenTelemetry.Logging;
using ZeroTrust.OpenTelemetry.Tracing;

namespace ZeroTrust.OpenTelemetry.Pipeline;

/// <summary>Has the redacting processors of a provider look at their pipeline before anything passes through it.</summary>
internal static class PipelineProof
{
    public static void Spans(BaseProvider provider)
    {
        foreach (var slot in Read<Activity>(provider))
        {
            (slot.Processor as RedactingActivityProcessor)?.Prove();
        }
    }

    public static void Logs(BaseProvider provider)
    {
        foreach (var slot in Read<LogRecord>(provider))
        {
            (slot.Processor as RedactingLogProcessor)?.Prove();
        }
    }

    /// <summary>A provider of another shape is one that does nothing, or one whose first record finds the fault.</summary>
    private static List<ProcessorSlot<T>> Read<T>(BaseProvider provider)
        where T : class
    {
        try
        {
            return ProcessorSlot<T>.ReadAll(provider);
        }
        catch (MissingFieldException)
        {
            return [];
        }
    }
}
