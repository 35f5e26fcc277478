using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace ZeroTrust.Mtls.Tests.Counting;

/// <summary>
/// A server that counts how often it executed each call, and cuts where the call's path asks for it: <c>/call/{number}/{cut}/{times}</c>.
/// </summary>
internal sealed class CountingServer : IAsyncDisposable
{
    private readonly PeerTls _tls;
    private readonly PeerAllowList _allowed;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<int, int> _seen = new();
    private readonly ConcurrentDictionary<int, int> _executions = new();
    private readonly Task _accepting;
    private int _connections;

    public CountingServer(PeerTls tls, PeerAllowList allowed)
    {
        _tls = tls;
        _allowed = allowed;
        _listener.Start();
        Address = new Uri($"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Connections that came, whatever became of their handshakes.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The heads of the calls over HTTP/1.1.</summary>
    public ConcurrentQueue<string> Heads { get; } = new();

    /// <summary>Called for each call that is executed.</summary>
    public Action? Executing { get; set; }

    public int ExecutionsOf(int call) => _executions.GetValueOrDefault(call);

    public Uri AddressOf(int call, Cut cut, int times = 1) =>
        new(Address, string.Create(CultureInfo.InvariantCulture, $"/call/{call}/{cut}/{times}/"));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    /// <summary>What to do with the call of a head, which is seen once more by this.</summary>
    public (int Call, Cut Cut) Decide(string head)
    {
        var path = head[(head.IndexOf("/call/", StringComparison.Ordinal) + 6)..].Split('/');
        var call = int.Parse(path[0], CultureInfo.InvariantCulture);
        var times = int.Parse(path[2], CultureInfo.InvariantCulture);
        return (call, _seen.AddOrUpdate(call, 1, (_, seen) => seen + 1) <= times ? Enum.Parse<Cut>(path[1]) : Cut.None);
    }

    public void Execute(int call)
    {
        _executions.AddOrUpdate(call, 1, (_, executions) => executions + 1);
        Executing?.Invoke();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var stop = _stop.Token.Register(socket.Dispose);
        using (socket)
        {
            try
            {
                await using var stream = new SslStream(new NetworkStream(socket));
                var handshake = _tls.AcceptClient(_allowed);
                await stream.AuthenticateAsServerAsync(
                    handshake.CreateOptions([SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]), _stop.Token);
                if (!handshake.Complete(stream).IsAccepted)
                {
                    return;
                }

                await (stream.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2
                    ? new Http2Calls(this, stream, socket).ServeAsync()
                    : new Http11Calls(this, stream, socket).ServeAsync());
            }
            catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException
                or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // The client's end, or ours.
            }
        }
    }
}
