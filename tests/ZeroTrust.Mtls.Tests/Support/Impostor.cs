using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests.Support;

/// <summary>A server that asks for a certificate, takes any, and writes down what it learns.</summary>
internal sealed class Impostor : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _served;

    public Impostor(TestCertificate shown)
    {
        _listener.Start();
        Address = new Uri($"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _served = ServeAsync(shown);
    }

    public Uri Address { get; }

    /// <summary>The subject names of the certificate it was shown; null for none.</summary>
    public string? Seen { get; private set; }

    /// <summary>How its handshake failed; null when it did not.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Waits until its connection is done with.</summary>
    public Task DoneAsync() => _served.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _served;
    }

    private async Task ServeAsync(TestCertificate shown)
    {
        try
        {
            using var socket = await _listener.AcceptSocketAsync();
            await using var stream = new SslStream(new NetworkStream(socket));
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = shown.ToCredential().CertificateContext,
                ClientCertificateRequired = true,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    Seen = (certificate as X509Certificate2)?.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single()
                        .Format(multiLine: false);
                    return Seen is not null;
                },
            });
            var head = new byte[4];
            await stream.ReadExactlyAsync(head);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
        }
        catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException or ObjectDisposedException)
        {
            Failure = exception;
        }
    }
}
