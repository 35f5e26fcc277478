using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>A throw-away trust domain: a CA, the service's own certificate, and clients of every kind.</summary>
internal sealed class Mesh : IDisposable
{
    public const string Domain = "example.test";
    public const string Server = "spiffe://example.test/orders";
    public const string Client = "spiffe://example.test/gateway";

    private readonly TimeProvider _time;

    public Mesh(TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        Authority = TestCertificateAuthority.Create("mesh root", _time);
        Intermediate = Authority.CreateIntermediate("mesh intermediate");
        Credentials = new MemoryPeerCredentialSource(Intermediate.Issue(Server).ToCredential());
        Bundles = new MemoryTrustBundleSource(new TrustBundleSet(Authority.ToBundle(Domain)));
    }

    public TestCertificateAuthority Authority { get; }

    public TestCertificateAuthority Intermediate { get; }

    public MemoryPeerCredentialSource Credentials { get; }

    public MemoryTrustBundleSource Bundles { get; }

    /// <summary>A plain client that presents this certificate, or none, and believes any server.</summary>
    public static HttpClient Connect(IPEndPoint endPoint, TestCertificate? certificate, Version? version = null, Action<SslStream>? connected = null)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false };
        handler.ConnectCallback = async (_, cancellationToken) =>
        {
            var protocol = version == HttpVersion.Version20 ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11;
            var stream = await OpenAsync(endPoint, certificate?.ToCredential().CertificateContext, protocol, cancellationToken);
            connected?.Invoke(stream);
            return stream;
        };
        return new HttpClient(handler)
        {
            BaseAddress = new Uri($"https://{endPoint}"),
            DefaultRequestVersion = version ?? HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>Sends one request over one connection, without the retries of a client.</summary>
    /// <returns>Whether an answer came back that does not refuse the peer.</returns>
    public static Task<bool> IsAnsweredAsync(IPEndPoint endPoint, TestCertificate? certificate, CancellationToken cancellationToken) =>
        IsAnsweredWithAsync(endPoint, certificate?.ToCredential().CertificateContext, cancellationToken);

    /// <inheritdoc cref="IsAnsweredAsync"/>
    public static async Task<bool> IsAnsweredWithAsync(IPEndPoint endPoint, SslStreamCertificateContext? certificate, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await AskAsync(endPoint, certificate, cancellationToken);
            return answer.Length > 0
                && !answer.StartsWith("HTTP/1.1 401 ", StringComparison.Ordinal)
                && !answer.StartsWith("HTTP/1.1 403 ", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException or SocketException)
        {
            return false;
        }
    }

    /// <summary>Sends one request over one connection, and reads to its end.</summary>
    public static async Task<string> AskAsync(
        IPEndPoint endPoint, SslStreamCertificateContext? certificate, CancellationToken cancellationToken)
    {
        await using var stream = await OpenAsync(endPoint, certificate, SslApplicationProtocol.Http11, cancellationToken);
        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>A connection without a client of HTTP.</summary>
    public static async Task<SslStream> OpenAsync(
        IPEndPoint endPoint, SslStreamCertificateContext? certificate, SslApplicationProtocol protocol, CancellationToken cancellationToken)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint, cancellationToken);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                ClientCertificateContext = certificate,
                AllowTlsResume = false,
                ApplicationProtocols = [protocol],
                RemoteCertificateValidationCallback = (_, server, _, _) => server is not null,
            },
            cancellationToken);
        return stream;
    }

    public void Dispose()
    {
        Intermediate.Dispose();
        Authority.Dispose();
    }
}
