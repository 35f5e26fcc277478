using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Testing;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>What TLS refuses before any verdict of ours is told and counted all the same, with what the peer offered, and no more than a log can take.</summary>
public sealed class FailedHandshakeTests : IDisposable
{
    private readonly Mesh _mesh = new();

    public static TheoryData<string, string, string, string> Offers => new()
    {
        { "-tls1_2", "no version of TLS", "TLS 1.3", "TLS 1.2 at most" },
        { "-tls1_1 -cipher DEFAULT:@SECLEVEL=0", "no version of TLS", "TLS 1.3", "TLS 1.1 at most" },
        { "-tls1 -cipher DEFAULT:@SECLEVEL=0", "no version of TLS", "TLS 1.3", "TLS 1.0 at most" },
        { "-tls1_3 -ciphersuites TLS_AES_128_CCM_SHA256", "no cipher suite of TLS 1.3", "TLS_AES_* or TLS_CHACHA20_*", "others" },
        { "-tls1_3 -alpn spdy/3", "no application protocol", "h2 or http/1.1", "others" },
        { "-tls1_3 -sigalgs RSA+SHA256", "ended before it was done", "TLS 1.3", "TLS 1.3" },
    };

    public static TheoryData<string, string, string> Garbage => new()
    {
        { "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "plain HTTP", "plain HTTP" },
        { "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "plain HTTP", "plain HTTP" },
        { "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n", "PROXY protocol", "PROXY protocol" },
        { "\r\n\r\n\0\r\nQUIT\n!\u0011\0\fabcdefghijkl", "PROXY protocol", "PROXY protocol" },
        { "SSH-2.0-OpenSSH_9.2\r\n", "no TLS", "a first byte of 0x53" },
        { "\u0000\u0001\u0002\u0003", "no TLS", "a first byte of 0x00" },
        { "\u0015\u0003\u0003\u0000\u0002\u0002\u0028", "no ClientHello", "a first byte of 0x15" },
        { "\u0080\u002e\u0001\u0003\u0001\u0000\u0015\u0000\u0000\u0000\u0010", "SSL 2.0", "SSL 2.0" },
        { "\u0016\u0003\u0001\u0000\u0004\u0002\u0000\u0000\u0000", "ended before it was done", "a ClientHello in parts" },
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _mesh.Dispose();

    [Theory]
    [MemberData(nameof(Offers))]
    public async Task A_client_that_tls_refuses_is_told_with_what_it_offered(string arguments, string why, string expected, string presented)
    {
        Assert.SkipUnless(OpenSslClient.IsInstalled(), "There is no openssl.");
        await using var host = await StartAsync();
        using var counter = Counter(host);

        await OpenSslClient.RunAsync(host.EndPoint("mesh"), arguments);

        var told = await host.WaitForEventAsync("PeerRefused");
        AssertTold(told, why, expected, presented);
        await AssertCountedOnceAsync(host, counter);
    }

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task What_is_no_client_hello_is_told(string sent, string why, string presented)
    {
        foreach (var listener in (string[])["mesh", "edge"])
        {
            await using var host = await StartAsync();
            using var counter = Counter(host);
            using var socket = new TcpClient();
            await socket.ConnectAsync(host.EndPoint(listener), Cancelled);

            await socket.GetStream().WriteAsync(Encoding.Latin1.GetBytes(sent), Cancelled);
            socket.Client.Shutdown(SocketShutdown.Send);

            var told = await host.WaitForEventAsync("PeerRefused");
            AssertTold(told, why, "TLS 1.3", presented);
            Assert.Equal(listener, told.GetStructuredStateValue("zerotrust.listener"));
            await AssertCountedOnceAsync(host, counter);
        }
    }

    [Fact]
    public async Task A_client_without_a_group_that_is_known_is_told()
    {
        await using var host = await StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(host.EndPoint("mesh"), Cancelled);

        await socket.GetStream().WriteAsync(Hellos.Make(versions: [0x0304], suites: [0x1301], groups: [0x001A]), Cancelled);

        AssertTold(await host.WaitForEventAsync("PeerRefused"), "no group for the key exchange", "x25519, secp256r1 or their like", "others");
    }

    [Fact]
    public async Task A_verdict_of_ours_is_told_once_and_not_as_a_failed_handshake()
    {
        await using var host = await StartAsync();

        Assert.False(await Mesh.IsAnsweredAsync(host.EndPoint("mesh"), certificate: null, Cancelled));
        Assert.Equal("mtls.certificate_missing", (await host.WaitForEventAsync("PeerRefused")).GetStructuredStateValue("error.type"));
        await WaitForEndAsync(host);

        Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Name == "PeerRefused");
    }

    [Fact]
    public async Task A_connection_that_says_nothing_is_not_told()
    {
        await using var host = await StartAsync();
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(host.EndPoint("mesh"), Cancelled);
        }

        await ServeOneAsync(host);
        Assert.False(host.Logged("PeerRefused"));
    }

    [Fact]
    public async Task A_peer_that_is_served_is_not_told_as_refused()
    {
        await using var host = await StartAsync();
        await ServeOneAsync(host);
        await WaitForEndAsync(host);

        Assert.False(host.Logged("PeerRefused"));
    }

    [Fact]
    public async Task A_stranger_does_not_write_the_log_and_each_attempt_is_counted()
    {
        const int attempts = CallerBudgets.PerCaller * 3;
        await using var host = await StartAsync();
        using var counter = Counter(host);
        for (var i = 0; i < attempts; i++)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(host.EndPoint("mesh"), Cancelled);
            await socket.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Cancelled);
            Assert.Equal(0, await ReadToEndAsync(socket));
        }

        await counter.WaitForMeasurementsAsync(attempts, TimeSpan.FromSeconds(30));
        Assert.All(counter.GetMeasurementSnapshot(), measured => Assert.Equal("mtls.handshake_invalid", measured.Tags["error.type"]));
        await host.WaitForEventAsync("PeerRefusalsSuppressed");
        Assert.InRange(host.Logs.GetSnapshot().Count(record => record.Id.Name == "PeerRefused"), CallerBudgets.PerCaller, attempts - 1);
    }

    private static MetricCollector<long> Counter(TestHost host) =>
        new(host.Services.GetRequiredService<IMeterFactory>(), "ZeroTrust.AspNetCore", "zerotrust.aspnetcore.peers");

    private async Task AssertCountedOnceAsync(TestHost host, MetricCollector<long> counter)
    {
        await WaitForEndAsync(host);
        Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Name == "PeerRefused");
        var refused = Assert.Single(counter.GetMeasurementSnapshot(), measured => measured.Tags["zerotrust.result"] is "refused");
        Assert.Equal("mtls.handshake_invalid", refused.Tags["error.type"]);
    }

    private static void AssertTold(FakeLogRecord told, string why, string expected, string presented)
    {
        Assert.Equal("mtls.handshake_invalid", told.GetStructuredStateValue("error.type"));
        var detail = told.GetStructuredStateValue("zerotrust.detail");
        Assert.Contains(why, detail, StringComparison.Ordinal);
        Assert.EndsWith($"Expected {expected}, presented {presented}.", detail, StringComparison.Ordinal);
    }

    private static async Task<int> ReadToEndAsync(TcpClient socket)
    {
        try
        {
            return await socket.GetStream().ReadAsync(new byte[16], Cancelled);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    // One more connection that is served to its end: what came before has been told by then or never is.
    private async Task WaitForEndAsync(TestHost host)
    {
        await ServeOneAsync(host);
        await ServeOneAsync(host);
    }

    private async Task ServeOneAsync(TestHost host)
    {
        using var certificate = _mesh.Intermediate.Issue(Mesh.Client);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate);
        Assert.Equal("ok", await client.GetStringAsync(new Uri("/", UriKind.Relative), Cancelled));
    }

    private Task<TestHost> StartAsync() => TestHost.StartAsync(
        TestHost.MeshListener().Concat(TestHost.EdgeListener()).ToDictionary(StringComparer.OrdinalIgnoreCase),
        _mesh,
        use: app => app.MapGet("/", () => "ok").RequirePeer());
}
