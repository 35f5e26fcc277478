using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Shared;

namespace ZeroTrust.OpenTelemetry.Diagnostics;

/// <summary>Counts what redaction did: kinds only, never a key or a value.</summary>
internal sealed class RedactionMetrics
{
    public const string RecordsRedacted = "zerotrust.opentelemetry.records.redacted";
    public const string RecordsDropped = "zerotrust.opentelemetry.records.dropped";
    public const string ValuesRedacted = "zerotrust.opentelemetry.values.redacted";

    private readonly Counter<long> _records;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _values;

    public RedactionMetrics(IServiceProvider services)
    {
        // A provider built without a host has no meter factory.
        var meter = services.GetService<IMeterFactory>()?.Create(RedactionTelemetry.MeterName) ?? new Meter(RedactionTelemetry.MeterName);
        _records = meter.CreateCounter<long>(RecordsRedacted, "{record}", "Records in which something was redacted.");
        _dropped = meter.CreateCounter<long>(RecordsDropped, "{record}", "Records whose content was dropped.");
        _values = meter.CreateCounter<long>(ValuesRedacted, "{value}", "Values and texts that were redacted.");
    }

    public void Redacted(string signal) => _records.AddQuietly(1, new KeyValuePair<string, object?>("zerotrust.signal", signal));

    public void Dropped(string signal, string cause) =>
        _dropped.AddQuietly(1, new("zerotrust.signal", signal), new("zerotrust.cause", cause));

    public void Value(string signal, string rule) => _values.AddQuietly(1, new("zerotrust.signal", signal), new("zerotrust.rule", rule));
}
