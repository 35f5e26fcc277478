using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace ZeroTrust.Mtls.Tests.Support;

/// <summary>Two TLS ends joined by a real TCP connection.</summary>
internal sealed class Loopback : IAsyncDisposable
{
    private readonly Socket _clientSocket;
    private readonly Socket _serverSocket;

    private Loopback(Socket client, Socket server)
    {
        _clientSocket = client;
        _serverSocket = server;
        Client = new SslStream(new NetworkStream(client, ownsSocket: true));
        Server = new SslStream(new NetworkStream(server, ownsSocket: true));
    }

    public SslStream Client { get; }

    public SslStream Server { get; }

    public Exception? ClientFailure { get; private set; }

    public Exception? ServerFailure { get; private set; }

    /// <summary>Connects and runs both ends of the handshake to their end, whatever it is.</summary>
    public static async Task<Loopback> HandshakeAsync(SslServerAuthenticationOptions server, SslClientAuthenticationOptions client)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync((IPEndPoint)listener.LocalEndpoint, cancellationToken);
        var pair = new Loopback(socket, await listener.AcceptSocketAsync(cancellationToken));
        await Task.WhenAll(pair.RunServerAsync(server, cancellationToken), pair.RunClientAsync(client, cancellationToken));
        return pair;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
        _clientSocket.Dispose();
        _serverSocket.Dispose();
    }

    private async Task RunServerAsync(SslServerAuthenticationOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await Server.AuthenticateAsServerAsync(options, cancellationToken);
        }
        catch (Exception exception)
        {
            ServerFailure = exception;
            _serverSocket.Dispose();
        }
    }

    private async Task RunClientAsync(SslClientAuthenticationOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await Client.AuthenticateAsClientAsync(options, cancellationToken);
        }
        catch (Exception exception)
        {
            ClientFailure = exception;
            _clientSocket.Dispose();
        }
    }
}
