namespace ZeroTrust.Mtls.Diagnostics;

/// <summary>The names under which this package emits telemetry.</summary>
public static class MtlsTelemetry
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "ZeroTrust.Mtls";

    /// <summary>The activity source's name.</summary>
    public const string ActivitySourceName = "ZeroTrust.Mtls";
}
