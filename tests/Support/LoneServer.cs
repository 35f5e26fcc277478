using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Testing;

namespace ZeroTrust.Tests.Support;

/// <summary>A server that does its part of a handshake and then closes, and counts who comes.</summary>
internal sealed class LoneServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly Task _served;
    private int _connections;

    /// <summary>Begins to listen.</summary>
    /// <param name="shown">The certificate to show; null for no TLS.</param>
    /// <param name="protocol">The one application protocol it speaks.</param>
    public LoneServer(TestCertificate? shown, SslApplicationProtocol protocol)
    {
        _tls = shown is null ? null : new SslServerAuthenticationOptions
        {
            ServerCertificateContext = shown.ToCredential().CertificateContext,
            ApplicationProtocols = [protocol],
            ClientCertificateRequired = true,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
        };
        _listener.Start();
        Address = new Uri($"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _served = ServeAsync();
    }

    public Uri Address { get; }

    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _served;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var socket = await _listener.AcceptSocketAsync();
                Interlocked.Increment(ref _connections);
                await AnswerAsync(socket);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        try
        {
            if (_tls is null)
            {
                await socket.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
                while (await socket.ReceiveAsync(new byte[1024]) > 0)
                {
                    // Until the client is gone: a reset would take the answer with it.
                }

                return;
            }

            await using var stream = new SslStream(new NetworkStream(socket));
            await stream.AuthenticateAsServerAsync(_tls);
        }
        catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException)
        {
            // The client is gone.
        }
    }
}
