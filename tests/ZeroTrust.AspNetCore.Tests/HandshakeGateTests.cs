using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.Testing;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>Handshakes at once are capped, on every role that has them, and what fills the cap keeps no peer out.</summary>
public sealed class HandshakeGateTests
{
    private const string Stranger = "127.0.5.5";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Mesh")]
    [InlineData("Edge")]
    public async Task A_stranger_that_idles_keeps_no_peer_out(string role)
    {
        using var mesh = new Mesh();
        await using var host = await StartAsync(mesh, role, maxPending: 4, time: Frozen());
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        var silent = await OpenAsync(host, count: 20, []);

        Assert.True(await IsServedAsync(host, certificate));

        var refused = await host.WaitForEventAsync("PeerRefused");
        Assert.Equal("aspnetcore.handshakes_exceeded", refused.GetStructuredStateValue("error.type"));
        silent.ForEach(socket => socket.Dispose());
    }

    [Theory]
    [InlineData("Mesh")]
    [InlineData("Edge")]
    public async Task A_stranger_that_sends_a_part_of_its_hello_keeps_no_peer_out(string role)
    {
        using var mesh = new Mesh();
        await using var host = await StartAsync(mesh, role, maxPending: 4, time: Frozen());
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        var hello = await RecordHelloAsync();
        var slow = await OpenAsync(host, count: 20, hello[..^1]);

        Assert.True(await IsServedAsync(host, certificate));
        slow.ForEach(socket => socket.Dispose());
    }

    [Theory]
    [InlineData("Mesh")]
    [InlineData("Edge")]
    public async Task A_replayed_hello_that_stalls_keeps_no_peer_out(string role)
    {
        using var mesh = new Mesh();
        await using var host = await StartAsync(mesh, role, maxPending: 8);
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        var hello = await RecordHelloAsync();
        var stalled = await OpenAsync(host, count: 8, hello);
        await AnswerAsync(stalled);

        Assert.True(await IsServedAsync(host, certificate));

        Assert.Equal("aspnetcore.handshake_stalled", (await host.WaitForEventAsync("PeerRefused")).GetStructuredStateValue("error.type"));
        stalled.ForEach(socket => socket.Dispose());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_connection_without_a_whole_hello_is_closed_in_time(int bytes)
    {
        using var mesh = new Mesh();
        var time = Frozen();
        await using var host = await StartAsync(mesh, "Mesh", time: time);
        var hello = await RecordHelloAsync();
        var silent = await OpenAsync(host, count: 1, hello[..bytes]);

        await ClosedAsync(silent[0], () => time.Advance(TimeSpan.FromSeconds(5)));

        var refused = await host.WaitForEventAsync("PeerRefused");
        Assert.Equal("aspnetcore.client_hello_timeout", refused.GetStructuredStateValue("error.type"));
        silent[0].Dispose();
    }

    [Fact]
    public async Task A_peer_at_a_round_trip_of_two_seconds_is_served()
    {
        using var mesh = new Mesh();
        var time = Frozen();
        await using var host = await StartAsync(mesh, "Mesh", time: time);
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        var opened = await OpenAsync(host, count: 1, []);
        time.Advance(TimeSpan.FromSeconds(2));

        await using var network = new NetworkStream(opened[0], ownsSocket: true);
        await using var slow = new TurnTakingStream(network, beforeEachAnswer: () => time.Advance(TimeSpan.FromSeconds(2)));
        await using var stream = new SslStream(slow);
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                ClientCertificateContext = certificate.ToCredential().CertificateContext,
                AllowTlsResume = false,
                RemoteCertificateValidationCallback = (_, server, _, _) => server is not null,
            },
            Cancelled);
        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), Cancelled);

        Assert.Equal(1, await stream.ReadAsync(new byte[1], Cancelled));
    }

    [Theory]
    [InlineData("Mesh")]
    [InlineData("Edge")]
    public async Task Peers_behind_one_address_are_served_all_at_once(string role)
    {
        using var mesh = new Mesh();
        await using var host = await StartAsync(mesh, role, handshakes: "8", maxPending: 64, time: Frozen());
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);

        var answered = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Mesh.IsAnsweredAsync(host.EndPoint("door"), certificate, Cancelled)));

        Assert.All(answered, Assert.True);
        Assert.False(host.Logged("PeerRefused"));
    }

    [Fact]
    public async Task A_finished_handshake_takes_no_place()
    {
        using var mesh = new Mesh();
        await using var host = await StartAsync(mesh, "Mesh", maxPending: 1);
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        var clients = Enumerable.Range(0, 4).Select(_ => Mesh.Connect(host.EndPoint("door"), certificate, HttpVersion.Version20)).ToArray();
        foreach (var client in clients)
        {
            Assert.Equal("ok", await client.GetStringAsync(new Uri("/", UriKind.Relative), Cancelled));
        }

        Array.ForEach(clients, client => client.Dispose());
    }

    [Theory]
    [InlineData("MaxConcurrentHandshakes", "0", "is from 1 to 10000.")]
    [InlineData("MaxConcurrentHandshakes", "10001", "is from 1 to 10000.")]
    [InlineData("MaxConcurrentHandshakes", "many", "'many' is not a whole number")]
    [InlineData("MaxPendingConnections", "0", "is from 1 to 100000.")]
    [InlineData("MaxPendingConnections", "100001", "is from 1 to 100000.")]
    [InlineData("MaxPendingConnections", "many", "'many' is not a whole number")]
    [InlineData("ClientHelloTimeout", "00:00:00.0999999", "is from 00:00:00.1000000 to 00:01:00.")]
    [InlineData("ClientHelloTimeout", "00:01:00.0000001", "is from 00:00:00.1000000 to 00:01:00.")]
    [InlineData("ClientHelloTimeout", "soon", "'soon' is not a time span")]
    [InlineData("RotationDrain", "00:10:01", "is from 00:00:00 to 00:10:00.")]
    [InlineData("RotationDrain", "soon", "'soon' is not a time span")]
    [InlineData("AllowResumption", "perhaps", "'perhaps' is not true or false")]
    public async Task A_setting_out_of_its_range_stops_the_host(string setting, string value, string error)
    {
        using var mesh = new Mesh();
        var settings = TestHost.MeshListener();
        settings[$"ZeroTrust:Listeners:mesh:{setting}"] = value;

        var exception = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => TestHost.StartAsync(settings, mesh));

        Assert.Contains($"ZeroTrust:Listeners:mesh:{setting}: {error}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listener_without_peers_resumes_nothing()
    {
        using var mesh = new Mesh();
        var settings = TestHost.EdgeListener();
        settings["ZeroTrust:Listeners:edge:AllowResumption"] = "true";

        var exception = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => TestHost.StartAsync(settings, mesh));

        Assert.Contains("ZeroTrust:Listeners:edge:AllowResumption", exception.Message, StringComparison.Ordinal);
    }

    private static Task<TestHost> StartAsync(Mesh mesh, string role, string handshakes = "1", int maxPending = 1024, TimeProvider? time = null)
    {
        var settings = role == "Mesh" ? TestHost.MeshListener(name: "door") : new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["ZeroTrust:Listeners:door:Url"] = "https://127.0.0.1:0",
            ["ZeroTrust:Listeners:door:Role"] = role,
        };
        settings["ZeroTrust:Listeners:door:MaxConcurrentHandshakes"] = handshakes;
        settings["ZeroTrust:Listeners:door:MaxPendingConnections"] = maxPending.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return TestHost.StartAsync(settings, mesh, use: app => app.MapGet("/", () => "ok").AllowPublic("test"), time: time);
    }

    // No permit and no place becomes free by the time alone.
    private static FakeTimeProvider Frozen() => new(TimeProvider.System.GetUtcNow());

    private static async Task<bool> IsServedAsync(TestHost host, TestCertificate certificate)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        return await Mesh.IsAnsweredAsync(host.EndPoint("door"), certificate, deadline.Token);
    }

    private static async Task<List<Socket>> OpenAsync(TestHost host, int count, byte[] bytes)
    {
        var sockets = new List<Socket>();
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(Stranger), 0));
            await socket.ConnectAsync(host.EndPoint("door"), Cancelled);
            if (bytes.Length > 0)
            {
                await socket.SendAsync(bytes, Cancelled);
            }

            sockets.Add(socket);
        }

        return sockets;
    }

    // One of them has the permit, and the server's answer.
    private static async Task AnswerAsync(List<Socket> sockets)
    {
        var answered = await Task.WhenAny(sockets.Select(socket => socket.ReceiveAsync(new byte[1], Cancelled).AsTask()));
        Assert.Equal(1, await answered);
    }

    // The server begins to count in its own time, so the clock is moved until it has.
    private static async Task ClosedAsync(Socket socket, Action advance)
    {
        var closed = ReadEndAsync(socket);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!closed.IsCompleted)
        {
            advance();
            await Task.WhenAny(closed, Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token));
            deadline.Token.ThrowIfCancellationRequested();
        }
    }

    private static async Task ReadEndAsync(Socket socket)
    {
        try
        {
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1], Cancelled));
        }
        catch (SocketException)
        {
            // A reset ends it as well.
        }
    }

    private static async Task<byte[]> RecordHelloAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, Cancelled);
        using var server = await listener.AcceptSocketAsync(Cancelled);
        await using var stream = new SslStream(client.GetStream());
        var handshake = stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, Cancelled);
        var buffer = new byte[16_384];
        var length = await server.ReceiveAsync(buffer, Cancelled);
        server.Close();
        await Assert.ThrowsAnyAsync<Exception>(() => handshake);
        return buffer[..length];
    }
}
