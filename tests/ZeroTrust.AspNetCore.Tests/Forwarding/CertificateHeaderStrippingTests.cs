using System.Net.Security;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Testing;

namespace ZeroTrust.AspNetCore.Tests.Forwarding;

/// <summary>
/// On real connections: nobody's identity passes to the application in a header or a trailer, over either HTTP version and as gRPC
/// metadata.
/// </summary>
public sealed class CertificateHeaderStrippingTests : IDisposable
{
    private const string Proxy = "spiffe://example.test/ingress";

    private readonly Mesh _mesh = new();
    private readonly TestCertificate _client;

    public CertificateHeaderStrippingTests() => _client = _mesh.Intermediate.Issue(Mesh.Client);

    public static TheoryData<string, string> Sent
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var name in (string[])[
                "X-Forwarded-Tls-Client-Cert-Info", "ssl-client-verify", "SSL_CLIENT_S_DN", "Cf-Client-Cert-Sha256", "l5d-client-id",
                "x-client-cert-bin",
                "VERIFIED", "DN", "X-Client-Subject", "CERT_SERIALNUMBER"])
            {
                data.Add(name, "1.1");
                data.Add(name, "2.0");
            }

            return data;
        }
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _mesh.Dispose();
    }

    [Theory]
    [MemberData(nameof(Sent))]
    public async Task A_header_of_a_family_never_reaches_the_application(string name, string version)
    {
        await using var host = await StartAsync(TestHost.MeshListener());
        using var http = Mesh.Connect(host.EndPoint("mesh"), _client, Version.Parse(version));

        Assert.Equal("x-client-id", await ReadAsync(http, name));
        Assert.True(host.Logged("CertificateHeaderStripped"));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Grpc_metadata_is_cleaned_as_any_header(string version)
    {
        await using var host = await StartAsync(TestHost.MeshListener());
        using var http = Mesh.Connect(host.EndPoint("mesh"), _client, Version.Parse(version));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/", UriKind.Relative))
        {
            Version = http.DefaultRequestVersion,
            VersionPolicy = http.DefaultVersionPolicy,
            Content = new ByteArrayContent([0, 0, 0, 0, 0]),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        request.Headers.Add("x-forwarded-client-cert-bin", "AAAA");
        request.Headers.Add("x-client-id", "1");
        using var response = await http.SendAsync(request, Cancelled);

        Assert.Equal("x-client-id", await response.Content.ReadAsStringAsync(Cancelled));
    }

    [Theory]
    [InlineData("client-cert", false)]
    [InlineData("SSL_CLIENT_VERIFY", false)]
    [InlineData("X-Forwarded-Client-Cert", false)]
    [InlineData("client-cert", true)]
    [InlineData("ssl_client_verify", true)]
    [InlineData("x-forwarded-client-cert-bin", true)]
    public async Task A_trailer_of_a_family_never_reaches_the_application(string name, bool isHttp2)
    {
        await using var host = await StartAsync(TestHost.MeshListener());

        var answer = await SendTrailersAsync(host, isHttp2, (name, "forged"), ("x-checksum", "1"));

        Assert.EndsWith("trailers: x-checksum", answer, StringComparison.Ordinal);
        Assert.True(host.Logged("CertificateHeaderStripped"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_trailer_of_another_meaning_stays(bool isHttp2)
    {
        await using var host = await StartAsync(TestHost.MeshListener());

        var answer = await SendTrailersAsync(host, isHttp2, ("x-checksum", "1"), ("x-client-id", "2"));

        Assert.EndsWith("trailers: x-checksum x-client-id", answer, StringComparison.Ordinal);
        Assert.False(host.Logged("CertificateHeaderStripped"));
    }

    [Fact]
    public async Task What_one_listener_names_is_taken_on_every_listener()
    {
        var settings = TestHost.MeshListener()
            .Concat(TestHost.MeshListener("Management", "admin"))
            .ToDictionary(StringComparer.OrdinalIgnoreCase);
        settings["ZeroTrust:Listeners:admin:CertificateHeaders:0"] = "X-Acme-*";
        await using var host = await StartAsync(settings);
        foreach (var listener in (string[])["mesh", "admin"])
        {
            using var http = Mesh.Connect(host.EndPoint(listener), _client);

            Assert.Equal("x-client-id", await ReadAsync(http, "X_Acme_Subject"));
        }
    }

    [Fact]
    public async Task A_name_that_nobody_added_passes()
    {
        await using var host = await StartAsync(TestHost.MeshListener());
        using var http = Mesh.Connect(host.EndPoint("mesh"), _client);

        Assert.Equal("X-Acme-Subject x-client-id", await ReadAsync(http, "X-Acme-Subject"));
    }

    [Fact]
    public async Task What_code_leaves_with_a_reason_passes_and_is_told_at_start()
    {
        await using var host = await StartAsync(
            TestHost.MeshListener(),
            builder => builder.Services.AddZeroTrust().DangerousListeners(
                d => d.AllowCertificateHeader("X-Client-Verify", "shown, never believed")));
        using var http = Mesh.Connect(host.EndPoint("mesh"), _client);

        Assert.Equal("X-Client-Verify x-client-id", await ReadAsync(http, "X-Client-Verify"));
        Assert.Equal("x-client-id", await ReadAsync(http, "X-Client-Verified"));
        var told = await host.WaitForEventAsync("ListenerCheckWeakened");
        Assert.Equal("aspnetcore.certificate_header:x-client-verify", told.GetStructuredStateValue("Weakening"));
        Assert.Equal("shown, never believed", told.GetStructuredStateValue("Reason"));
    }

    [Theory]
    [InlineData("Client-Cert")]
    [InlineData("client_cert_chain")]
    [InlineData("X-Client-*")]
    public void The_headers_that_are_read_cannot_be_left(string name) =>
        Assert.Throws<ArgumentException>(
            () => new ServiceCollection().AddZeroTrust().DangerousListeners(d => d.AllowCertificateHeader(name, "why")));

    [Fact]
    public void Nothing_is_left_without_a_reason() =>
        Assert.Throws<ArgumentException>(
            () => new ServiceCollection().AddZeroTrust().DangerousListeners(d => d.AllowCertificateHeader("X-Client-Verify", " ")));

    [Fact]
    public async Task A_forwarded_certificate_without_padding_is_accepted()
    {
        var settings = TestHost.MeshListener();
        settings["ZeroTrust:Listeners:mesh:ForwardingProxies:0"] = Proxy;
        await using var host = await StartAsync(settings);
        using var proxy = _mesh.Intermediate.Issue(Proxy);
        using var http = Mesh.Connect(host.EndPoint("mesh"), proxy);
        var certificates = _client.ToPeerCertificates();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/peer", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Client-Cert", Unpadded(certificates.LeafDer));
        request.Headers.TryAddWithoutValidation("Client-Cert-Chain", string.Join(", ", certificates.IntermediatesDer.Select(Unpadded)));
        using var response = await http.SendAsync(request, Cancelled);

        Assert.Equal(Mesh.Client, await response.Content.ReadAsStringAsync(Cancelled));
    }

    private static string Unpadded(ReadOnlyMemory<byte> der) => $":{Convert.ToBase64String(der.Span).TrimEnd('=')}:";

    private static async Task<string> ReadAsync(HttpClient http, string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/", UriKind.Relative))
        {
            Version = http.DefaultRequestVersion,
            VersionPolicy = http.DefaultVersionPolicy,
        };
        Assert.True(request.Headers.TryAddWithoutValidation(name, "forged"));
        request.Headers.Add("x-client-id", "1");
        using var response = await http.SendAsync(request, Cancelled);
        return await response.Content.ReadAsStringAsync(Cancelled);
    }

    private async Task<string> SendTrailersAsync(TestHost host, bool isHttp2, params (string Name, string Value)[] trailers)
    {
        await using var stream = await Mesh.OpenAsync(
            host.EndPoint("mesh"), _client.ToCredential().CertificateContext,
            isHttp2 ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11,
            Cancelled);
        await stream.WriteAsync(isHttp2 ? Http2(trailers) : Http1(trailers), Cancelled);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!answer.ToString().Contains("trailers: ", StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer, Cancelled);
            Assert.True(count > 0, answer.ToString());
            answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        // Of HTTP/2 the frame that ends the stream may follow in the same read.
        var text = answer.ToString();
        return isHttp2 && text.IndexOf('\0', text.IndexOf("trailers: ", StringComparison.Ordinal)) is > 0 and var end ? text[..end] : text;
    }

    private static byte[] Http1((string Name, string Value)[] trailers) => Encoding.ASCII.GetBytes(
        "POST /trailers HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n1\r\na\r\n0\r\n"
        + string.Concat(trailers.Select(trailer => $"{trailer.Name}: {trailer.Value}\r\n")) + "\r\n");

    // RFC 9113 section 4.1 and RFC 7541 section 6: POST and https by the static table, all else as literals.
    private static byte[] Http2((string Name, string Value)[] trailers) =>
    [
        .. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8,
        .. Frame(type: 4, flags: 0, stream: 0, []),
        .. Frame(type: 1, flags: 4, stream: 1, [0x83, 0x87, 0x04, .. Text("/trailers"), 0x01, .. Text("localhost")]),
        .. Frame(type: 0, flags: 0, stream: 1, [97]),
        .. Frame(
            type: 1, flags: 5, stream: 1, [.. trailers.SelectMany(trailer => (byte[])[0, .. Text(trailer.Name), .. Text(trailer.Value)])]),
    ];

    private static byte[] Frame(byte type, byte flags, byte stream, byte[] payload) =>
        [0, 0, (byte)payload.Length, type, flags, 0, 0, 0, stream, .. payload];

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private Task<TestHost> StartAsync(Dictionary<string, string?> settings, Action<WebApplicationBuilder>? build = null) =>
        TestHost.StartAsync(settings, _mesh, builder => build?.Invoke(builder), app =>
        {
            const ListenerRoles everywhere = ListenerRoles.Mesh | ListenerRoles.Management;
            app.MapMethods("/", ["GET", "POST"], Names).RequirePeer().OnListeners(everywhere);
            app.MapGet("/peer", (HttpContext context) => context.GetVerifiedPeer()!.ToString()).RequirePeer().OnListeners(everywhere);
            app.MapPost("/trailers", TrailersAsync).RequirePeer().OnListeners(everywhere);
        });

    private static string Names(HttpContext context) =>
        string.Join(
            ' ', context.Request.Headers.Keys.Where(name => name is not ("Host" or "Content-Type" or "Content-Length" or "traceparent")));

    private static async Task TrailersAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        var trailers = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestTrailersFeature>()!;
        var answer = "trailers: " + string.Join(' ', trailers.Trailers.Keys);
        context.Response.ContentLength = answer.Length;
        await context.Response.WriteAsync(answer, context.RequestAborted);
    }
}
