using System.Net;
using System.Net.Sockets;

namespace ZeroTrust.AttackTests;

/// <summary>
/// Keeps so many sockets open to one port, and opens each again when it is dropped. Without a certificate, within 127.0.0.0/8, and for a
/// bounded time.
/// </summary>
internal static class Attacker
{
    // Each connection costs both sides' kernel and one processor core; beyond this the machine is measured and not the server.
    private const int ConnectionsPerSecond = 2_000;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ByteInterval = TimeSpan.FromSeconds(1);
    private static readonly long Began = TimeProvider.System.GetTimestamp();

    private static int _opened;
    private static int _slots;

    /// <summary>Answers each line of the input with the number of connections opened so far, and ends with the input.</summary>
    public static async Task<int> RunAsync(int port, AttackKind kind, int sockets, int addresses)
    {
        using var end = new CancellationTokenSource(Longest);
        var hello = await RecordedHello.CreateAsync();
        var target = new IPEndPoint(IPAddress.Loopback, port);
        var refused = RefusedPeer.Of(kind);
        Task Act(Socket socket) => refused?.RunAsync(socket, end.Token) ?? ActAsync(socket, kind, hello, end.Token);
        var all = Enumerable.Range(0, sockets).Select(i => HoldAsync(target, SourceOf(i, addresses), Act, end.Token)).ToArray();
        while (await Console.In.ReadLineAsync() is not null)
        {
            Console.WriteLine(Volatile.Read(ref _opened));
        }

        await end.CancelAsync();
        await Task.WhenAll(all);
        return 0;
    }

    private static IPEndPoint SourceOf(int socket, int addresses) =>
        new(addresses == 1 ? IPAddress.Parse("127.0.5.5") : new IPAddress([127, 0, 6, (byte)(1 + (socket % addresses))]), 0);

    private static async Task HoldAsync(IPEndPoint target, IPEndPoint source, Func<Socket, Task> act, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await WaitForSlotAsync(end);
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
                {
                    LingerState = new LingerOption(enable: true, 0),
                };
                socket.Bind(source);
                await socket.ConnectAsync(target, end);
                Interlocked.Increment(ref _opened);
                await act(socket);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // Dropped, or the end: the loop's condition says which.
            }
        }
    }

    private static async Task ActAsync(Socket socket, AttackKind kind, byte[] hello, CancellationToken end)
    {
        using var dropped = CancellationTokenSource.CreateLinkedTokenSource(end);
        var dripping = kind == AttackKind.Drip ? DripAsync(socket, hello, dropped.Token) : Task.CompletedTask;
        if (kind == AttackKind.Replay)
        {
            await socket.SendAsync(hello, end);
        }

        var buffer = new byte[256];
        try
        {
            while (await socket.ReceiveAsync(buffer, end) > 0)
            {
                // What the server answers is of no use.
            }
        }
        finally
        {
            await dropped.CancelAsync();
            await dripping;
        }
    }

    private static async Task DripAsync(Socket socket, byte[] hello, CancellationToken end)
    {
        try
        {
            for (var i = 0; i < hello.Length; i++)
            {
                await socket.SendAsync(hello.AsMemory(i, 1), end);
                await Task.Delay(ByteInterval, end);
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The reading side has seen it too.
        }
    }

    private static async Task WaitForSlotAsync(CancellationToken end)
    {
        var due = TimeSpan.FromSeconds((double)Interlocked.Increment(ref _slots) / ConnectionsPerSecond);
        var early = due - TimeProvider.System.GetElapsedTime(Began);
        if (early > TimeSpan.Zero)
        {
            await Task.Delay(early, end);
        }
    }
}
