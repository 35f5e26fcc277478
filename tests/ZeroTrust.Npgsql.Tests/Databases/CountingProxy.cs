using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ZeroTrust.Npgsql.Tests.Databases;

/// <summary>Passes one connection on and counts the Sync and Query messages of the client: each is one round trip.</summary>
internal sealed class CountingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private int _syncs;

    internal CountingProxy(int target)
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _run = RunAsync(target);
    }

    internal int Port { get; }

    internal int Syncs => Volatile.Read(ref _syncs);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _run.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _stop.Dispose();
    }

    private async Task RunAsync(int target)
    {
        using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, target, _stop.Token);
        var back = server.GetStream().CopyToAsync(client.GetStream(), _stop.Token);
        await ForwardAsync(client.GetStream(), server.GetStream());
        server.Client.Shutdown(SocketShutdown.Send);
        await back;
    }

    private async Task ForwardAsync(NetworkStream from, NetworkStream to)
    {
        // The start-up message alone has no type before its length.
        var header = new byte[5];
        for (var start = true; ; start = false)
        {
            var skip = start ? 1 : 0;
            if (await from.ReadAtLeastAsync(header.AsMemory(skip), 5 - skip, throwOnEndOfStream: false, _stop.Token) < 5 - skip)
            {
                return;
            }

            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) - 4];
            await from.ReadExactlyAsync(body, _stop.Token);
            if (!start && header[0] is (byte)'S' or (byte)'Q')
            {
                Interlocked.Increment(ref _syncs);
            }

            await to.WriteAsync(header.AsMemory(skip), _stop.Token);
            await to.WriteAsync(body, _stop.Token);
        }
    }
}
