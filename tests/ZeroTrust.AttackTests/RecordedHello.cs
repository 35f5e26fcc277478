using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace ZeroTrust.AttackTests;

/// <summary>The first flight of a real TLS client, as anybody can record one.</summary>
internal static class RecordedHello
{
    public static async Task<byte[]> CreateAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var server = await listener.AcceptSocketAsync();
        await using var stream = new SslStream(client.GetStream());
        var handshake = stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        });
        var buffer = new byte[16_384];
        var length = await server.ReceiveAsync(buffer);
        server.Close();
        try
        {
            await handshake;
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            // It was only to say hello.
        }

        return buffer[..length];
    }
}
