namespace ZeroTrust.HealthChecks;

/// <summary>The names under which this package can be observed.</summary>
public static class HealthTelemetry
{
    /// <summary>The meter of every instrument of this package.</summary>
    public const string MeterName = "ZeroTrust.HealthChecks";
}
