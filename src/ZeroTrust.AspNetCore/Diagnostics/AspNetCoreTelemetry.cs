namespace ZeroTrust.AspNetCore.Diagnostics;

/// <summary>The names under which this package emits telemetry.</summary>
public static class AspNetCoreTelemetry
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "ZeroTrust.AspNetCore";

    /// <summary>The activity source's name.</summary>
    public const string ActivitySourceName = "ZeroTrust.AspNetCore";
}
