using System.Diagnostics.Metrics;

namespace ZeroTrust.Testing;

/// <summary>Measures with a canary on every surface that OTLP writes; meters differ in name, since one name is one scope. Disposed after the export, which leaves out what is disposed before.</summary>
internal sealed class MetricCanaries(CanarySet canaries) : IDisposable
{
    public const string Signal = "metrics";

    private readonly List<Meter> _meters = [];

    public void Emit()
    {
        var meter = Add(new MeterOptions(RedactionAssert.SourceName));
        meter.CreateCounter<long>(canaries.Innocent(Signal)).Add(1);
        meter.CreateCounter<long>("canary.tag").Add(1, new KeyValuePair<string, object?>("note", Canary("tag")));
        meter.CreateCounter<long>("canary.tag.key").Add(1, new KeyValuePair<string, object?>(Canary("tag key"), 1));
        meter.CreateHistogram<double>("canary.password").Record(1, new KeyValuePair<string, object?>("password", canaries.Token(Signal, "tag named password")));
        meter.CreateCounter<long>("canary.description", description: "for " + Canary("description")).Add(1);
        meter.CreateCounter<long>("canary.unit", unit: Canary("unit")).Add(1);
        Add(new MeterOptions(RedactionAssert.SourceName + Canary("meter name"))).CreateCounter<long>("canary.a").Add(1);
        Add(new MeterOptions(RedactionAssert.SourceName + ".versioned") { Version = Canary("meter version") }).CreateCounter<long>("canary.b").Add(1);
        Add(new MeterOptions(RedactionAssert.SourceName + ".tagged") { Tags = [new("note", Canary("meter tag"))] }).CreateCounter<long>("canary.c").Add(1);
    }

    public void Dispose() => _meters.ForEach(static meter => meter.Dispose());

    private string Canary(string surface) => canaries.Address(Signal, surface);

    private Meter Add(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }
}
