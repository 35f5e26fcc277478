namespace ZeroTrust.OpenTelemetry;

/// <summary>The names under which redaction reports about itself.</summary>
public static class RedactionTelemetry
{
    /// <summary>
    /// The meter: counters <c>zerotrust.opentelemetry.records.redacted</c> and <c>zerotrust.opentelemetry.records.dropped</c>,
    /// each with <c>zerotrust.signal</c> = <c>span</c>, <c>log</c> or <c>scope</c>.
    /// </summary>
    public const string MeterName = "ZeroTrust.OpenTelemetry";
}
