using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>Counts what redaction did. It does not log: a log about a log record would come back through the same pipeline.</summary>
internal sealed class RedactionMetrics
{
    public const string Span = "span";
    public const string Log = "log";
    public const string Scope = "scope";

    private readonly Counter<long> _redacted;
    private readonly Counter<long> _dropped;

    public RedactionMetrics(IServiceProvider services)
    {
        // A provider built without a host has no meter factory.
        var meter = services.GetService<IMeterFactory>()?.Create(RedactionTelemetry.MeterName) ?? new Meter(RedactionTelemetry.MeterName);
        _redacted = meter.CreateCounter<long>("zerotrust.opentelemetry.records.redacted", "{record}", "Records in which something was redacted.");
        _dropped = meter.CreateCounter<long>("zerotrust.opentelemetry.records.dropped", "{record}", "Records whose content was dropped because redaction failed.");
    }

    public void Redacted(string signal) => _redacted.Add(1, new KeyValuePair<string, object?>("zerotrust.signal", signal));

    public void Dropped(string signal) => _dropped.Add(1, new KeyValuePair<string, object?>("zerotrust.signal", signal));
}
