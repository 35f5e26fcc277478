using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.Testing;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>A refused peer is told so in the protocol it speaks, and gets nothing else: no byte of it reaches the server's HTTP.</summary>
public sealed class RefusedPeerTests : IDisposable
{
    private const string Unlisted = "spiffe://example.test/reports";

    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    private readonly Mesh _mesh = new();
    private readonly List<string> _served = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _mesh.Dispose();

    [Theory]
    [InlineData("none", "1.1", 401, "mtls.certificate_missing")]
    [InlineData("none", "2.0", 401, "mtls.certificate_missing")]
    [InlineData("foreign", "1.1", 401, "x509.untrusted_anchor")]
    [InlineData("foreign", "2.0", 401, "x509.untrusted_anchor")]
    [InlineData("expired", "1.1", 401, "x509.expired")]
    [InlineData("expired", "2.0", 401, "x509.expired")]
    [InlineData("server", "1.1", 401, "x509.extended_key_usage_missing")]
    [InlineData("server", "2.0", 401, "x509.extended_key_usage_missing")]
    [InlineData("unlisted", "1.1", 403, "mtls.peer_not_listed")]
    [InlineData("unlisted", "2.0", 403, "mtls.peer_not_listed")]
    public async Task It_reads_the_status_and_the_code_and_is_told_of_once(string peer, string version, int status, string code)
    {
        await using var host = await StartAsync();
        using var peers = new MetricCollector<long>(
            host.Services.GetRequiredService<IMeterFactory>(), "ZeroTrust.AspNetCore", "zerotrust.aspnetcore.peers");
        using var certificate = Issue(peer);
        var connections = 0;
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate, Version.Parse(version), _ => connections++);

        using var answer = await client.GetAsync(new Uri("/", UriKind.Relative), Cancelled);

        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Equal("connection", Assert.Single(answer.Headers.GetValues("ZeroTrust-Refused")));
        Assert.Equal(status == 401, answer.Headers.WwwAuthenticate.Any(challenge => challenge.Scheme == "ZeroTrust"));
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
        Assert.Equal(["type", "title", "status", "code"], problem.EnumerateObject().Select(member => member.Name), StringComparer.Ordinal);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(1, connections);
        await host.WaitForEventAsync("PeerRefused");
        Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Name == "PeerRefused");
        Assert.Equal(code, Assert.Single(peers.GetMeasurementSnapshot()).Tags["error.type"]);
        Assert.Empty(_served);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Its_neighbour_is_served(string version)
    {
        await using var host = await StartAsync();
        using var certificate = _mesh.Intermediate.Issue(Mesh.Client);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate, Version.Parse(version));

        Assert.Equal("served", await client.GetStringAsync(new Uri("/", UriKind.Relative), Cancelled));
        Assert.Equal(["GET /"], _served);
    }

    [Theory]
    [InlineData("1.1", "HEAD", 0)]
    [InlineData("2.0", "HEAD", 0)]
    [InlineData("1.1", "POST", 1_000_000)]
    [InlineData("1.1", "POST", 30_000_000)]
    [InlineData("2.0", "POST", 20_000)]
    [InlineData("2.0", "POST", 65_536)]
    [InlineData("2.0", "POST", 30_000_000)]
    public async Task Its_answer_fits_the_request(string version, string method, int length)
    {
        await using var host = await StartAsync();
        using var certificate = Issue("unlisted");
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate, Version.Parse(version));
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), "/")
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = length > 0 ? new ByteArrayContent(new byte[length]) : null,
        };

        using var answer = await client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(method == "HEAD", (await answer.Content.ReadAsByteArrayAsync(Cancelled)).Length == 0);
        Assert.Empty(_served);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /second HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: M\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("\0\0\0\0\r\n\r\n")]
    public async Task It_is_answered_once_whatever_it_sends(string request)
    {
        await using var host = await StartAsync();
        using var certificate = Issue("unlisted");
        await using var stream = await OpenAsync(host, certificate, SslApplicationProtocol.Http11);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancelled);

        var answer = await ReadToEndAsync(stream);

        Assert.StartsWith("HTTP/1.1 403 Forbidden\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(answer.IndexOf("HTTP/1.1", StringComparison.Ordinal), answer.LastIndexOf("HTTP/1.1", StringComparison.Ordinal));
        Assert.Contains("connection: close\r\n", answer, StringComparison.Ordinal);
        Assert.Empty(_served);
    }

    [Fact]
    public async Task A_head_without_an_end_is_answered_at_its_limit()
    {
        await using var host = await StartAsync(new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        using var certificate = Issue("unlisted");
        await using var stream = await OpenAsync(host, certificate, SslApplicationProtocol.Http11);
        await stream.WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nX: " + new string('x', 16 * 1024)), Cancelled);

        Assert.StartsWith("HTTP/1.1 403 ", await ReadToEndAsync(stream), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http/1.1", "")]
    [InlineData("http/1.1", "GET / HTTP/1.1\r\nHo")]
    [InlineData("h2", "")]
    [InlineData("h2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0")]
    public async Task A_peer_that_asks_nothing_is_let_go_in_time(string protocol, string sent)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await StartAsync(time);
        using var certificate = Issue("unlisted");
        await using var stream = await OpenAsync(host, certificate, new SslApplicationProtocol(protocol));
        await stream.WriteAsync(Encoding.Latin1.GetBytes(sent), Cancelled);
        await host.WaitForEventAsync("PeerRefused");

        var answer = await ReadToEndAsync(stream, time);

        // Of HTTP/2 it has the settings and GOAWAY.
        Assert.Equal(protocol != "h2", answer.Contains("mtls.peer_not_listed", StringComparison.Ordinal));
        Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Name == "PeerRefused");
    }

    [Theory]
    [InlineData(20)]
    [InlineData(300)]
    public async Task Every_stream_of_one_connection_is_answered_and_none_is_served(int calls)
    {
        await using var host = await StartAsync();
        using var certificate = Issue("unlisted");
        var connections = 0;
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate, HttpVersion.Version20, _ => connections++);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, calls).Select(_ => client.GetAsync(new Uri("/", UriKind.Relative), Cancelled)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode));
        Assert.Equal(connections, host.Logs.GetSnapshot().Count(record => record.Id.Name == "PeerRefused"));
        Assert.Empty(_served);
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task A_WebSocket_over_HTTP_2_reads_the_status()
    {
        await using var host = await StartAsync();
        using var certificate = Issue("unlisted");
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate, HttpVersion.Version20);
        using var socket = new System.Net.WebSockets.ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.CollectHttpResponseDetails = true;
        var address = new UriBuilder(client.BaseAddress!) { Scheme = "wss" }.Uri;

        await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(() => socket.ConnectAsync(address, client, Cancelled));

        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    public async Task A_client_without_room_for_the_content_gets_a_head_that_promises_none(byte window)
    {
        await using var host = await StartAsync();
        using var certificate = Issue("unlisted");
        await using var stream = await OpenAsync(host, certificate, SslApplicationProtocol.Http2);

        // SETTINGS_INITIAL_WINDOW_SIZE, then GET / with indexed fields (RFC 7541 appendix A).
        await stream.WriteAsync(
            (byte[])[.. Preface, 0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, window, 0, 0, 3, 1, 5, 0, 0, 0, 1, 0x82, 0x84, 0x87], Cancelled);
        var answer = await ReadToEndAsync(stream);

        Assert.Contains("zerotrust-refused", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("content-length", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("mtls.peer_not_listed", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_with_room_for_the_content_gets_its_length()
    {
        await using var host = await StartAsync();
        using var certificate = Issue("unlisted");
        await using var stream = await OpenAsync(host, certificate, SslApplicationProtocol.Http2);

        await stream.WriteAsync(
            (byte[])[.. Preface, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 3, 1, 5, 0, 0, 0, 1, 0x82, 0x84, 0x87], Cancelled);
        var answer = await ReadToEndAsync(stream);

        Assert.Contains("content-length", answer, StringComparison.Ordinal);
        Assert.Contains("mtls.peer_not_listed", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_asks_nothing_is_held_for_a_minute_and_answered_meanwhile()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await StartAsync(time);
        using var certificate = Issue("unlisted");
        await using var stream = await OpenAsync(host, certificate, SslApplicationProtocol.Http2);
        await stream.WriteAsync((byte[])[.. Preface, 0, 0, 0, 4, 0, 0, 0, 0, 0], Cancelled);
        await host.WaitForEventAsync("PeerRefused");
        time.Advance(TimeSpan.FromSeconds(50));

        await stream.WriteAsync((byte[])[0, 0, 3, 1, 5, 0, 0, 0, 1, 0x82, 0x84, 0x87], Cancelled);

        Assert.Contains("mtls.peer_not_listed", await ReadToEndAsync(stream, time), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_sends_frames_without_end_is_let_go()
    {
        await using var host = await StartAsync(new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        using var certificate = Issue("unlisted");
        await using var stream = await OpenAsync(host, certificate, SslApplicationProtocol.Http2);
        var pings = new List<byte>("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        for (var i = 0; i < 9000; i++)
        {
            pings.AddRange([0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
        }

        await stream.WriteAsync(pings.ToArray(), Cancelled);

        await ReadToEndAsync(stream);
        Assert.Empty(_served);
    }

    [Fact]
    public async Task Streams_are_answered_to_their_number_and_those_that_may_cross_it()
    {
        await using var host = await StartAsync(new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        using var certificate = Issue("unlisted");
        await using var stream = await OpenAsync(host, certificate, SslApplicationProtocol.Http2);
        var asked = Enumerable.Range(0, 2000).SelectMany(
            number => (byte[])[0, 0, 0, 1, 5, 0, 0, (byte)(number >> 7), (byte)((number << 1) | 1)]);

        var answer = await ExchangeAsync(stream, [.. Preface, .. asked], recordLength: 16_384);

        Assert.Equal(1000 + 100, Regex.Count(answer, "zerotrust-refused"));
    }

    [Fact]
    public async Task A_head_of_many_records_is_answered_before_its_end()
    {
        await using var host = await StartAsync(new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        using var certificate = Issue("unlisted");
        await using var stream = await OpenAsync(host, certificate, SslApplicationProtocol.Http11);
        var head = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nX: " + new string('x', 6000));

        Assert.StartsWith("HTTP/1.1 403 ", await ExchangeAsync(stream, head, recordLength: 1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(17, true)]
    [InlineData(17 * 900, false)]
    public async Task A_peer_is_let_go_for_many_records_and_not_for_the_frames_in_them(int recordLength, bool isLetGo)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await StartAsync(time);
        using var certificate = Issue("unlisted");
        await using var stream = await OpenAsync(host, certificate, SslApplicationProtocol.Http2);
        await stream.WriteAsync(Preface, Cancelled);
        byte[] ping = [0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
        byte[] asked = [0, 0, 3, 1, 5, 0, 0, 0, 1, 0x82, 0x84, 0x87];

        var answer = await ExchangeAsync(
            stream, [.. Enumerable.Repeat(ping, 7000).SelectMany(static bytes => bytes), .. asked], recordLength, isLetGo ? null : time);

        Assert.Equal(isLetGo, !answer.Contains("mtls.peer_not_listed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_frame_that_is_too_long_ends_the_connection()
    {
        await using var host = await StartAsync(new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        using var certificate = Issue("unlisted");
        await using var stream = await OpenAsync(host, certificate, SslApplicationProtocol.Http2);

        await stream.WriteAsync((byte[])[.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0xff, 0xff, 0xff, 1, 5, 0, 0, 0, 1], Cancelled);

        await ReadToEndAsync(stream);
        Assert.Empty(_served);
    }

    [Fact]
    public async Task A_refusal_of_what_was_presented_stands_when_less_is_judged()
    {
        // Once the handshake is done the connection has the leaf alone, which a root here has issued; the callback sees that more came
        // than any
        // verification should cost.
        Assert.SkipUnless(OpenSslClient.IsInstalled(), "There is no openssl.");
        await using var host = await StartAsync();
        using var leaf = _mesh.Authority.Issue(Mesh.Client);
        var folder = Directory.CreateTempSubdirectory("zerotrust-refused").FullName;
        try
        {
            var (leafFile, keyFile) = leaf.WriteTo(folder, "leaf");
            var others = Path.Combine(folder, "others.pem");
            await File.WriteAllTextAsync(others, string.Concat(Enumerable.Range(0, 11).Select(OtherAuthority)), Cancelled);

            var output = await OpenSslClient.RunAsync(
                host.EndPoint("mesh"), $"-quiet -cert {leafFile} -key {keyFile} -cert_chain {others}");

            Assert.Equal("mtls.too_large", (await host.WaitForEventAsync("PeerRefused")).GetStructuredStateValue("error.type"));
            Assert.Contains("\"mtls.too_large\"", output, StringComparison.Ordinal);
            Assert.Empty(_served);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_refused_peer_that_holds_on_keeps_no_peer_out_and_is_told_of_once()
    {
        await using var host = await StartAsync(new FakeTimeProvider(TimeProvider.System.GetUtcNow()), handshakes: "1");
        using var certificate = Issue("unlisted");
        using var listed = _mesh.Intermediate.Issue(Mesh.Client);
        await using var held = await OpenAsync(host, certificate, SslApplicationProtocol.Http2);
        await host.WaitForEventAsync("PeerRefused");

        Assert.True(await Mesh.IsAnsweredAsync(host.EndPoint("mesh"), listed, Cancelled));

        await ReadToEndAsync(held);
        Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Name == "PeerRefused");
        Assert.Equal(["GET /"], _served);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task The_host_stops_while_a_refused_peer_asks_nothing(string version)
    {
        var host = await StartAsync(new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        using var certificate = Issue("unlisted");
        var protocol = version == "2.0" ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11;
        await using var stream = await OpenAsync(host, certificate, protocol);
        var logs = host.Logs;
        await host.WaitForEventAsync("PeerRefused");

        await host.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancelled);

        Assert.Single(logs.GetSnapshot(), record => record.Id.Name == "PeerRefused");
    }

    private Task<TestHost> StartAsync(TimeProvider? time = null, string handshakes = "256")
    {
        var settings = TestHost.MeshListener();
        settings["ZeroTrust:Listeners:mesh:MaxConcurrentHandshakes"] = handshakes;
        return TestHost.StartAsync(
            settings,
            _mesh,
            build: builder => builder.Services.AddSingleton<Microsoft.AspNetCore.Hosting.IStartupFilter>(new Seen(_served)),
            use: app => app.Map("/{**rest}", (HttpContext _) => "served").RequirePeer(),
            time: time);
    }

    private TestCertificate? Issue(string peer)
    {
        var now = TimeProvider.System.GetUtcNow();
        switch (peer)
        {
            case "none":
                return null;
            case "foreign":
                using (var foreign = TestCertificateAuthority.Create("foreign"))
                {
                    return foreign.Issue(Mesh.Client);
                }

            case "unlisted":
                return _mesh.Intermediate.Issue(Unlisted);
            default:
                return _mesh.Authority.Issue(options =>
                {
                    options.SpiffeId = Mesh.Client;
                    options.ClientAuth = peer != "server";
                    if (peer == "expired")
                    {
                        (options.NotBefore, options.NotAfter) = (now.AddHours(-1), now.AddMinutes(-1));
                    }
                });
        }
    }

    private static string OtherAuthority(int number)
    {
        using var authority = TestCertificateAuthority.Create($"other {number}");
        return authority.Certificate.ExportCertificatePem() + "\n";
    }

    private static Task<SslStream> OpenAsync(TestHost host, TestCertificate? certificate, SslApplicationProtocol protocol) =>
        Mesh.OpenAsync(host.EndPoint("mesh"), certificate?.ToCredential().CertificateContext, protocol, Cancelled);

    // The clock is moved, if at all, when everything is sent.
    private static async Task<string> ExchangeAsync(SslStream stream, byte[] bytes, int recordLength, FakeTimeProvider? time = null)
    {
        var answer = ReadToEndAsync(stream);
        try
        {
            for (var sent = 0; sent < bytes.Length; sent += recordLength)
            {
                await stream.WriteAsync(bytes.AsMemory(sent, Math.Min(recordLength, bytes.Length - sent)), Cancelled);
            }
        }
        catch (IOException)
        {
            // It was let go.
        }

        return await (time is null ? answer : AdvanceUntilAsync(answer, time));
    }

    private static async Task<string> ReadToEndAsync(SslStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        try
        {
            return await reader.ReadToEndAsync(Cancelled);
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }

    private static Task<string> ReadToEndAsync(SslStream stream, FakeTimeProvider time) =>
        AdvanceUntilAsync(ReadToEndAsync(stream), time);

    // The server begins to count in its own time, so the clock is moved until it has.
    private static async Task<string> AdvanceUntilAsync(Task<string> done, FakeTimeProvider time)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!done.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(done, Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token));
            deadline.Token.ThrowIfCancellationRequested();
        }

        return await done;
    }

    /// <summary>Before everything else of the pipeline.</summary>
    private sealed class Seen(List<string> served) : Microsoft.AspNetCore.Hosting.IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, call) =>
            {
                lock (served)
                {
                    served.Add($"{context.Request.Method} {context.Request.Path}");
                }

                return call(context);
            });
            next(app);
        };
    }
}
