using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace ZeroTrust.Benchmarks;

/// <summary>Connects a TLS client and a TLS server over TCP on the loopback interface.</summary>
internal sealed class LoopbackLine : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private LoopbackLine()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    public static LoopbackLine Open() => new();

    public async Task ConnectAsync(
        SslServerAuthenticationOptions server,
        SslClientAuthenticationOptions client,
        Action<SslStream>? guardServer = null,
        Action<SslStream>? guardClient = null)
    {
        // Reset at the end: thousands of connections a second would use up the ports by waiting out their close.
        using var clientSocket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(enable: true, seconds: 0) };
        var accepting = _listener.AcceptAsync();
        await clientSocket.ConnectAsync(_listener.LocalEndPoint!).ConfigureAwait(false);
        using var serverSocket = await accepting.ConfigureAwait(false);
        serverSocket.NoDelay = true;
        await Task.WhenAll(ServeAsync(serverSocket, server, guardServer), CallAsync(clientSocket, client, guardClient)).ConfigureAwait(false);
    }

    public void Dispose() => _listener.Dispose();

    private static async Task ServeAsync(Socket socket, SslServerAuthenticationOptions options, Action<SslStream>? guard)
    {
        var stream = new SslStream(new NetworkStream(socket));
        await using (stream.ConfigureAwait(false))
        {
            await stream.AuthenticateAsServerAsync(options).ConfigureAwait(false);
            guard?.Invoke(stream);
            await stream.WriteAsync(new byte[1]).ConfigureAwait(false);

            // Stays until the client has read its byte, and with it the session tickets.
            _ = await stream.ReadAsync(new byte[1]).ConfigureAwait(false);
        }
    }

    private static async Task CallAsync(Socket socket, SslClientAuthenticationOptions options, Action<SslStream>? guard)
    {
        var stream = new SslStream(new NetworkStream(socket));
        await using (stream.ConfigureAwait(false))
        {
            await stream.AuthenticateAsClientAsync(options).ConfigureAwait(false);
            guard?.Invoke(stream);
            _ = await stream.ReadAsync(new byte[1]).ConfigureAwait(false);
            await stream.WriteAsync(new byte[1]).ConfigureAwait(false);
        }
    }
}
