using System.Diagnostics;
using System.Diagnostics.Metrics;
using ZeroTrust.Shared;

namespace ZeroTrust.HealthChecks.Diagnostics;

internal sealed class HealthMetrics
{
    private readonly Counter<long> _transitions;
    private readonly Histogram<double> _checkDuration;
    private readonly UpDownCounter<long> _watches;
    private readonly Meter _meter;

    public HealthMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(HealthTelemetry.MeterName);
        _transitions = _meter.CreateCounter<long>("zerotrust.healthchecks.transitions", "{transition}", "Changes of what probes are told.");
        _checkDuration = _meter.CreateHistogram<double>("zerotrust.healthchecks.check.duration", "s", "Runs of health checks.");
        _watches = _meter.CreateUpDownCounter<long>("zerotrust.healthchecks.watch.streams", "{stream}", "Open gRPC Watch streams.");
    }

    public void ObserveServing(Func<bool> serving) =>
        _meter.CreateObservableGauge("zerotrust.healthchecks.serving", () => serving() ? 1 : 0, "{state}", "1 while probes are told SERVING.");

    public void ObserveWeakenings(IReadOnlyList<Weakening> weakenings) => _meter.CreateObservableGauge(
        "zerotrust.weakenings",
        () => weakenings.Select(weakening => new Measurement<int>(1, new KeyValuePair<string, object?>("zerotrust.weakening", weakening.Name))),
        "{weakening}",
        "Checks that code has weakened.");

    public void Transitioned(bool serving) =>
        _transitions.AddQuietly(1, new KeyValuePair<string, object?>("zerotrust.result", serving ? "serving" : "not_serving"));

    public void Checked(string name, TimeSpan duration, string? error)
    {
        var tags = new TagList
        {
            { "zerotrust.dependency", name },
            { "zerotrust.result", error is null ? "ready" : "not_ready" },
        };
        if (error is not null)
        {
            tags.Add("error.type", error);
        }

        _checkDuration.RecordQuietly(duration.TotalSeconds, tags);
    }

    public void WatchStarted() => _watches.AddQuietly(1);

    public void WatchEnded() => _watches.AddQuietly(-1);
}
