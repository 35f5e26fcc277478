namespace ZeroTrust.OpenTelemetry;

/// <summary>The names under which redaction reports about itself.</summary>
public static class RedactionTelemetry
{
    /// <summary>
    /// The meter: counters <c>zerotrust.opentelemetry.records.redacted</c>, <c>zerotrust.opentelemetry.values.redacted</c> (by
    /// <c>zerotrust.rule</c> = <c>key</c>, <c>detector</c> or <c>name</c>) and <c>zerotrust.opentelemetry.records.dropped</c> (by
    /// <c>zerotrust.cause</c> = <c>failed</c>, <c>dirty</c> or <c>stopped</c>), each by <c>zerotrust.signal</c> = <c>span</c>, <c>log</c>,
    /// <c>scope</c>, <c>metric</c> or <c>resource</c>.
    /// </summary>
    public const string MeterName = "ZeroTrust.OpenTelemetry";
}
