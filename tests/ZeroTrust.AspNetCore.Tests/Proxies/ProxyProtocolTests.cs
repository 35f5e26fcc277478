using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.Testing;

namespace ZeroTrust.AspNetCore.Tests.Proxies;

/// <summary>
/// Listeners whose connections begin with a header of the PROXY protocol when they come from 127.0.0.1, and from there alone.
/// </summary>
public sealed class ProxyProtocolTests : IDisposable
{
    private const string Client = "203.0.113.7";
    private static readonly IPAddress Listed = IPAddress.Loopback;
    private static readonly IPAddress Unlisted = FromAddress.Loopback(number: 77);

    private readonly Mesh _mesh = new();
    private readonly TestCertificate _certificate;

    public ProxyProtocolTests() => _certificate = _mesh.Intermediate.Issue(Mesh.Client);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, byte[], string> Headers => new()
    {
        { "text", ProxyHeaders.Client(Client), $"{Client}:40000 to 192.0.2.1:443" },
        {
            "binary",
            ProxyHeaders.Binary(ProxyHeaders.Proxy, ProxyHeaders.Tcp4, ProxyHeaders.Ends(Client, "192.0.2.1")),
            $"{Client}:40000 to 192.0.2.1:443"
        },
        {
            "binary, IPv6",
            ProxyHeaders.Binary(ProxyHeaders.Proxy, ProxyHeaders.Tcp6, ProxyHeaders.Ends("2001:db8::7", "2001:db8::1")),
            "2001:db8::7:40000 to 2001:db8::1:443"
        },
        { "checksum", ProxyHeaders.WithChecksum(ProxyHeaders.Ends(Client, "192.0.2.1")), $"{Client}:40000 to 192.0.2.1:443" },
    };

    public void Dispose()
    {
        _certificate.Dispose();
        _mesh.Dispose();
    }

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task A_listed_proxys_client_is_the_remote_end(string what, byte[] header, string ends)
    {
        Assert.NotEmpty(what);
        await using var host = await StartAsync();

        Assert.Equal(ends, await AskAsync(host, header));
    }

    [Fact]
    public async Task The_client_is_the_remote_end_on_each_role()
    {
        await using var host = await StartAsync();

        Assert.Equal($"{Client}:40000 to 192.0.2.1:443", await AskAsync(host, ProxyHeaders.Client(Client), "edge"));
        Assert.Equal($"{Client}:40000 to 192.0.2.1:443", await AskPlainAsync(host, ProxyHeaders.Client(Client)));
    }

    [Theory]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0020\0\0\0")]
    public async Task A_proxys_own_connection_has_the_proxys_address(string header)
    {
        await using var host = await StartAsync();

        Assert.StartsWith("127.0.0.1:", await AskAsync(host, ProxyHeaders.Text(header)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_in_single_bytes_is_read()
    {
        await using var host = await StartAsync();
        using var socket = await ConnectAsync(host, Listed, "mesh");
        socket.NoDelay = true;
        foreach (var part in ProxyHeaders.Client(Client))
        {
            await socket.SendAsync(new[] { part }, Cancelled);
        }

        Assert.StartsWith(Client, await AskOverTlsAsync(new NetworkStream(socket)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_and_the_hello_in_one_segment_are_read()
    {
        await using var host = await StartAsync();
        using var socket = await ConnectAsync(host, Listed, "mesh");

        Assert.StartsWith(
            Client,
            await AskOverTlsAsync(new PrefixedStream(new NetworkStream(socket), ProxyHeaders.Client(Client))),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PROXY TCP4 198.51.100.1 192.0.2.1 1 1\r\n")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0020\0\0\0")]
    public async Task A_header_of_a_client_behind_the_header_of_the_proxy_is_no_header(string second)
    {
        await using var host = await StartAsync();

        await AssertRefusedAsync(host, [.. ProxyHeaders.Client(Client), .. ProxyHeaders.Text(second)], "mtls.handshake_invalid");
        Assert.Contains(
            "400", await AskPlainAsync(host, [.. ProxyHeaders.Client(Client), .. ProxyHeaders.Text(second)]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unlisted_address_cannot_say_where_it_comes_from()
    {
        await using var host = await StartAsync();

        await AssertRefusedAsync(host, ProxyHeaders.Client(Client), "mtls.handshake_invalid", Unlisted);
        Assert.Contains("400", await AskPlainAsync(host, ProxyHeaders.Client(Client), Unlisted), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unlisted_address_is_served_without_a_header()
    {
        await using var host = await StartAsync();

        Assert.StartsWith("127.9.0.77:", await AskAsync(host, [], from: Unlisted), StringComparison.Ordinal);
        Assert.StartsWith("127.9.0.77:", await AskPlainAsync(host, [], Unlisted), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listener_that_lists_no_proxy_reads_no_header()
    {
        await using var host = await StartAsync(settings => settings.Remove("ZeroTrust:Listeners:mesh:ProxyProtocolFrom:0"));

        Assert.StartsWith("127.0.0.1:", await AskAsync(host, []), StringComparison.Ordinal);
        await AssertRefusedAsync(host, ProxyHeaders.Client(Client), "mtls.handshake_invalid");
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "aspnetcore.proxy_header_missing")]
    [InlineData("PROXY TCP5 1.2.3.4 1.2.3.4 1 1\r\n", "aspnetcore.proxy_header_malformed")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0021\u0011\u00FF\u00FF", "aspnetcore.proxy_header_malformed")]
    public async Task A_listed_proxy_without_a_whole_header_is_refused_on_each_role(string bytes, string code)
    {
        await using var host = await StartAsync();
        using var peers = new MetricCollector<long>(
            host.Services.GetRequiredService<IMeterFactory>(), "ZeroTrust.AspNetCore", "zerotrust.aspnetcore.peers");

        foreach (var listener in new[] { "mesh", "edge", "probe" })
        {
            await AssertRefusedAsync(host, ProxyHeaders.Text(bytes), code, listener: listener);
            Assert.Equal(code, peers.GetMeasurementSnapshot()[^1].Tags["error.type"]);
        }
    }

    [Fact]
    public async Task A_clients_hello_from_a_listed_address_is_refused()
    {
        await using var host = await StartAsync();

        await Assert.ThrowsAnyAsync<IOException>(() => AskAsync(host, []));

        Assert.Equal(
            "aspnetcore.proxy_header_missing", (await host.WaitForEventAsync("PeerRefused")).GetStructuredStateValue("error.type"));
    }

    [Fact]
    public async Task A_header_that_ends_with_the_connection_is_refused()
    {
        await using var host = await StartAsync();
        using var socket = await ConnectAsync(host, Listed, "mesh");
        await socket.SendAsync(ProxyHeaders.Client(Client).AsMemory()[..^1], Cancelled);
        socket.Shutdown(SocketShutdown.Send);

        Assert.Equal(
            "aspnetcore.proxy_header_malformed", (await host.WaitForEventAsync("PeerRefused")).GetStructuredStateValue("error.type"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(20)]
    public async Task A_header_that_does_not_come_in_time_is_refused(int bytes)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await StartAsync(time: time);
        using var socket = await ConnectAsync(host, Listed, "probe");
        await socket.SendAsync(ProxyHeaders.Client(Client).AsMemory(0, bytes), Cancelled);

        await EndAsync(socket, () => time.Advance(TimeSpan.FromSeconds(5)));

        Assert.Equal(
            "aspnetcore.proxy_header_timeout", (await host.WaitForEventAsync("PeerRefused")).GetStructuredStateValue("error.type"));
    }

    [Fact]
    public async Task Silent_connections_from_a_listed_address_keep_no_client_out()
    {
        await using var host = await StartAsync(
            settings => settings["ZeroTrust:Listeners:mesh:MaxPendingConnections"] = "4",
            new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        var silent = new List<Socket>();
        for (var i = 0; i < 20; i++)
        {
            silent.Add(await ConnectAsync(host, Listed, "mesh"));
        }

        Assert.StartsWith(Client, await AskAsync(host, ProxyHeaders.Client(Client)), StringComparison.Ordinal);
        Assert.Equal(
            "aspnetcore.proxy_header_timeout", (await host.WaitForEventAsync("PeerRefused")).GetStructuredStateValue("error.type"));
        silent.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task A_probe_that_connects_and_closes_is_not_told()
    {
        await using var host = await StartAsync();
        foreach (var listener in new[] { "mesh", "edge", "probe" })
        {
            (await ConnectAsync(host, Listed, listener)).Dispose();
            using var headed = await ConnectAsync(host, Listed, listener);
            await headed.SendAsync(ProxyHeaders.Text("PROXY UNKNOWN\r\n"), Cancelled);
        }

        Assert.StartsWith(Client, await AskAsync(host, ProxyHeaders.Client(Client)), StringComparison.Ordinal);
        Assert.False(host.Logged("PeerRefused"));
    }

    [Fact]
    public async Task Refusals_are_told_by_client_and_one_client_uses_up_no_other_ones_events()
    {
        await using var host = await StartAsync(time: new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        for (var i = 0; i < 30; i++)
        {
            await AskRefusedAsync(host, ProxyHeaders.Client(Client));
        }

        var before = Count(host);
        await AskRefusedAsync(host, ProxyHeaders.Client("198.51.100.9"));

        Assert.Equal(before + 1, Count(host));
    }

    [Fact]
    public async Task The_servers_own_counts_of_connections_end_at_zero_and_have_no_address_that_a_header_told()
    {
        await using var host = await StartAsync();
        using var open = new MetricCollector<long>(
            host.Services.GetRequiredService<IMeterFactory>(), "Microsoft.AspNetCore.Server.Kestrel", "kestrel.active_connections");
        await AskAsync(host, ProxyHeaders.Client(Client));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (open.GetMeasurementSnapshot().Count < 2)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), deadline.Token);
        }

        Assert.Equal([1L, -1L], open.GetMeasurementSnapshot().Select(static measured => measured.Value));
        Assert.All(open.GetMeasurementSnapshot(), static measured => Assert.Equal("127.0.0.1", measured.Tags["server.address"]));
    }

    private static int Count(TestHost host) => host.Logs.GetSnapshot().Count(record => record.Id.Name == "PeerRefused");

    private static Task<TestHost> StartAsync(Mesh mesh, Action<Dictionary<string, string?>>? change, TimeProvider? time)
    {
        var settings = TestHost.MeshListener();
        foreach (var (key, value) in TestHost.EdgeListener().Concat(TestHost.ProbeListener()))
        {
            settings[key] = value;
        }

        foreach (var listener in new[] { "mesh", "edge", "probe" })
        {
            settings[$"ZeroTrust:Listeners:{listener}:ProxyProtocolFrom:0"] = "127.0.0.1";
        }

        change?.Invoke(settings);
        return TestHost.StartAsync(
            settings,
            mesh,
            use: app => app.MapGet("/", Ends)
                .AllowPublic("test").OnListeners(ListenerRoles.Mesh | ListenerRoles.Edge | ListenerRoles.Probe),
            time: time);
    }

    private static string Ends(HttpContext context)
    {
        var connection = context.Connection;
        return $"{connection.RemoteIpAddress}:{connection.RemotePort} to {connection.LocalIpAddress}:{connection.LocalPort}";
    }

    private Task<TestHost> StartAsync(Action<Dictionary<string, string?>>? change = null, TimeProvider? time = null) =>
        StartAsync(_mesh, change, time);

    private async Task<string> AskAsync(TestHost host, byte[] header, string listener = "mesh", IPAddress? from = null)
    {
        using var socket = await ConnectAsync(host, from ?? Listed, listener);
        await socket.SendAsync(header, Cancelled);
        return await AskOverTlsAsync(new NetworkStream(socket));
    }

    // Refused for want of a certificate, behind the handshake.
    private static async Task AskRefusedAsync(TestHost host, byte[] header)
    {
        using var socket = await ConnectAsync(host, Listed, "mesh");
        await socket.SendAsync(header, Cancelled);
        var before = Count(host);
        try
        {
            await using var stream = new SslStream(
                new NetworkStream(socket), leaveInnerStreamOpen: false, static (_, server, _, _) => server is not null);
            await stream.AuthenticateAsClientAsync("localhost");
            await stream.WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), Cancelled);
            await ReadAsync(stream);
        }
        catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException)
        {
            // As it should be.
        }

        if (before < 20)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
            deadline.CancelAfter(TimeSpan.FromSeconds(30));
            while (Count(host) == before)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), deadline.Token);
            }
        }
    }

    private async Task<string> AskOverTlsAsync(Stream inner)
    {
        await using var stream = new SslStream(inner);
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                ClientCertificateContext = _certificate.ToCredential().CertificateContext,
                RemoteCertificateValidationCallback = (_, server, _, _) => server is not null,
            },
            Cancelled);
        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray(), Cancelled);
        return BodyOf(await ReadAsync(stream));
    }

    private static async Task<string> AskPlainAsync(TestHost host, byte[] header, IPAddress? from = null)
    {
        using var socket = await ConnectAsync(host, from ?? Listed, "probe");
        await socket.SendAsync((byte[])[.. header, .. "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8], Cancelled);
        await using var stream = new NetworkStream(socket);
        return BodyOf(await ReadAsync(stream));
    }

    private static string BodyOf(string response)
    {
        if (!response.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
        {
            return response;
        }

        // Chunked or not.
        var body = response.Split("\r\n\r\n", 2)[1];
        return body.Split("\r\n") is [_, var text, ..] ? text : body;
    }

    private static async Task<string> ReadAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(Cancelled);
    }

    private static async Task<Socket> ConnectAsync(TestHost host, IPAddress from, string listener)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(host.EndPoint(listener), Cancelled);
        return socket;
    }

    private static async Task AssertRefusedAsync(TestHost host, byte[] bytes, string code, IPAddress? from = null, string listener = "mesh")
    {
        host.Logs.Clear();
        using var socket = await ConnectAsync(host, from ?? Listed, listener);
        await socket.SendAsync(bytes, Cancelled);
        await EndAsync(socket, static () => { });

        var refused = await host.WaitForEventAsync("PeerRefused");
        Assert.Equal(code, refused.GetStructuredStateValue("error.type"));
        Assert.Equal(listener, refused.GetStructuredStateValue("zerotrust.listener"));
    }

    private static async Task EndAsync(Socket socket, Action advance)
    {
        var ended = ReadToEndAsync(socket);
        while (!ended.IsCompleted)
        {
            advance();
            await Task.WhenAny(ended, Task.Delay(TimeSpan.FromMilliseconds(10), Cancelled));
        }

        await ended;
    }

    private static async Task ReadToEndAsync(Socket socket)
    {
        try
        {
            while (await socket.ReceiveAsync(new byte[256], Cancelled) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Reset: ended as well.
        }
    }
}
