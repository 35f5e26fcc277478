using ZeroTrust.OpenTelemetry.Propagation;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>What one state of the options says of what leaves beside redacted values.</summary>
internal sealed class ExportPolicy(TelemetryExportOptions options)
{
    /// <summary>The hosts that baggage may be sent to.</summary>
    public HostList BaggageDestinations { get; } = new(options.BaggageDestinations);

    /// <summary>Whether each redaction is told.</summary>
    public bool ExplainsRedactions { get; } = options.ExplainRedactions;
}
