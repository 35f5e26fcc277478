using System.Net;
using System.Net.Sockets;

namespace ZeroTrust.Mtls.Tests.Support;

/// <summary>Counts connections that nobody should make, and closes them.</summary>
internal sealed class Trap : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _counting;
    private int _hits;

    public Trap()
    {
        _listener.Start();
        _counting = CountAsync();
    }

    public EndPoint EndPoint => _listener.LocalEndpoint;

    public int Hits => Volatile.Read(ref _hits);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _counting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task CountAsync()
    {
        while (true)
        {
            using var socket = await _listener.AcceptSocketAsync(_stop.Token);
            Interlocked.Increment(ref _hits);
        }
    }
}
