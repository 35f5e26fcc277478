namespace ZeroTrust.OpenTelemetry.Diagnostics;

/// <summary>The values of <c>zerotrust.signal</c>.</summary>
internal static class Signals
{
    public const string Span = "span";
    public const string Log = "log";
    public const string Scope = "scope";
    public const string Metric = "metric";
    public const string Resource = "resource";
}
