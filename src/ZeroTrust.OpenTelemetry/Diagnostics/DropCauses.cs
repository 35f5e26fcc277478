namespace ZeroTrust.OpenTelemetry.Diagnostics;

/// <summary>The values of <c>zerotrust.cause</c>: why a record was dropped.</summary>
internal static class DropCauses
{
    /// <summary>Redacting it ended in an exception.</summary>
    public const string Failed = "failed";

    /// <summary>It was not clean when it reached its exporter.</summary>
    public const string Dirty = "dirty";

    /// <summary>The pipeline is not proved.</summary>
    public const string Stopped = "stopped";
}
