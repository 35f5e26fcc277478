using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ZeroTrust.Testing;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>Clients that come from another address of this machine; all of 127.0.0.0/8 is.</summary>
internal static class FromAddress
{
    /// <summary>The address with this number, from 1.</summary>
    public static IPAddress Loopback(int number) => new([127, 9, (byte)(number >> 8), (byte)number]);

    public static HttpClient Connect(IPEndPoint endPoint, IPAddress from, TestCertificate? certificate = null)
    {
        var options = new SslClientAuthenticationOptions
        {
            ClientCertificateContext = certificate?.ToCredential().CertificateContext,
            RemoteCertificateValidationCallback = (_, server, _, _) => server is not null,
        };
        return new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = options,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(endPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            BaseAddress = new Uri($"https://{endPoint}"),
            Timeout = TimeSpan.FromSeconds(60),
        };
    }

    /// <summary>One request that a listener refuses in the handshake or answers with a refusal.</summary>
    public static async Task AskAsync(IPEndPoint endPoint, IPAddress from, int times = 1)
    {
        using var client = Connect(endPoint, from);
        for (var i = 0; i < times; i++)
        {
            try
            {
                using var response = await client.GetAsync(new Uri("/nothing", UriKind.Relative), TestContext.Current.CancellationToken);
            }
            catch (HttpRequestException)
            {
                // Refused in the handshake.
            }
        }
    }
}
