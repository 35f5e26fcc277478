using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using ZeroTrust.Mtls;

namespace ZeroTrust.AttackTests;

/// <summary>The honest side: 25 clients behind one address, each with a new connection for each call.</summary>
internal static class Peers
{
    public const int Count = 25;

    private static readonly IPEndPoint Source = new(IPAddress.Parse("127.0.9.9"), 0);

    // What a client of the product waits for a handshake.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Answers each line of the input with a round: how many were served, and the slowest call in milliseconds.</summary>
    public static async Task<int> RunAsync(int port, string folder)
    {
        var chain = await File.ReadAllTextAsync(Path.Combine(folder, "gateway.pem"));
        var key = await File.ReadAllTextAsync(Path.Combine(folder, "gateway.key"));
        var credential = PeerCredential.FromPem(chain, key);
        var target = new IPEndPoint(IPAddress.Loopback, port);
        while (await Console.In.ReadLineAsync() is not null)
        {
            var calls = await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => CallAsync(target, credential)));
            var served = calls.Count(call => call is not null);
            var slowest = calls.Max(call => call ?? TimeSpan.Zero);
            Console.WriteLine(Line(served, slowest));
        }

        return 0;
    }

    private static string Line(int served, TimeSpan slowest) =>
        string.Create(CultureInfo.InvariantCulture, $"{served} {(int)slowest.TotalMilliseconds}");

    private static async Task<TimeSpan?> CallAsync(IPEndPoint target, PeerCredential credential)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(Source);
            await socket.ConnectAsync(target, patience.Token);
            await using var stream = new SslStream(new NetworkStream(socket));
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "localhost",
                    ClientCertificateContext = credential.CertificateContext,
                    AllowTlsResume = false,
                    RemoteCertificateValidationCallback = (_, server, _, _) => server is not null,
                },
                patience.Token);
            await stream.WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray(), patience.Token);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            var answer = await reader.ReadToEndAsync(patience.Token);
            return answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) ? TimeProvider.System.GetElapsedTime(began) : null;
        }
        catch (Exception exception)
            when (exception is IOException or SocketException or AuthenticationException or OperationCanceledException)
        {
            return null;
        }
    }
}
