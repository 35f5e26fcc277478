using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ZeroTrust.OpenTelemetry.Tests;

/// <summary>What redaction in one container has counted, as <c>instrument signal cause</c>.</summary>
internal sealed class Counted : IDisposable
{
    private readonly ConcurrentBag<string> _all = [];
    private readonly MeterListener _listener;

    public Counted(IMeterFactory meters)
    {
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == RedactionTelemetry.MeterName && ReferenceEquals(instrument.Meter.Scope, meters))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _listener.SetMeasurementEventCallback<long>((instrument, count, tags, _) =>
        {
            var text = instrument.Name["zerotrust.opentelemetry.".Length..];
            foreach (var tag in tags)
            {
                text += $" {tag.Value}";
            }

            for (var i = 0; i < count; i++)
            {
                _all.Add(text);
            }
        });
        _listener.Start();
    }

    public int Of(string text) => _all.Count(counted => counted == text);

    public void Dispose() => _listener.Dispose();
}
