using System.Diagnostics.Metrics;

namespace ZeroTrust.IntegrationTests.Proxies;

/// <summary>Counts the connections that the server ended on one port, which its own metric names whatever a proxy said of them.</summary>
internal sealed class EndedConnections : IDisposable
{
    private readonly MeterListener _listener = new();
    private int _count;

    public EndedConnections(int port)
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "kestrel.connection.duration")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            foreach (var (name, value) in tags)
            {
                if (name == "server.port" && value is int ended && ended == port)
                {
                    Interlocked.Increment(ref _count);
                }
            }
        });
        _listener.Start();
    }

    public async Task ReachAsync(int count)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (Volatile.Read(ref _count) < count)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), deadline.Token);
        }
    }

    public void Dispose() => _listener.Dispose();
}
