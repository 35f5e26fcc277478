using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using ZeroTrust.Mtls;
using ZeroTrust.X509;

namespace ZeroTrust.AspNetCore.Tests.Refusals;

/// <summary>
/// An answer that judges the connection is marked, and no other: what a client does about a marked one is about its own identity, and a
/// proxy keeps it from its callers.
/// </summary>
public sealed class MarkedRefusalTests : IDisposable
{
    private const string Reports = "spiffe://example.test/reports";
    private const string Proxy = "spiffe://example.test/ingress";
    private const string Grpc = "application/grpc";

    private static readonly string[] Marks = ["ZeroTrust-Refused", "X-Accel-Redirect"];

    private readonly Mesh _mesh = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _mesh.Dispose();

    [Theory]
    [InlineData("/others", "1.1", null, 403, "aspnetcore.peer_not_allowed")]
    [InlineData("/others", "2.0", null, 403, "aspnetcore.peer_not_allowed")]
    [InlineData("/others", "2.0", Grpc, 7, "aspnetcore.peer_not_allowed")]
    [InlineData("/policy", "1.1", null, 403, "aspnetcore.forbidden")]
    [InlineData("/policy", "2.0", null, 403, "aspnetcore.forbidden")]
    [InlineData("/policy", "2.0", Grpc, 7, "aspnetcore.forbidden")]
    [InlineData("/undecided", "2.0", null, 403, "aspnetcore.endpoint_undecided")]
    [InlineData("/undecided", "2.0", Grpc, 7, "aspnetcore.endpoint_undecided")]
    [InlineData("/nowhere", "1.1", null, 404, "aspnetcore.endpoint_not_found")]
    [InlineData("/nowhere", "2.0", Grpc, 12, "aspnetcore.endpoint_not_found")]
    [InlineData("/upstream", "1.1", null, 502, "aspnetcore.upstream_refused")]
    [InlineData("/upstream", "2.0", Grpc, 9, "aspnetcore.upstream_refused")]
    public async Task An_endpoints_own_refusal_on_a_good_connection_is_not_marked(
        string path, string version, string? contentType, int status, string code)
    {
        await using var host = await StartAsync();
        using var client = Connect(host, Mesh.Client, version);

        using var refused = await AskAsync(client, path, contentType);

        AssertStatus(refused, contentType, status);
        await AssertCodeAsync(refused, contentType, code);
        AssertUnmarked(refused);
        using var served = await AskAsync(client, "/", contentType);
        Assert.Equal("served", await served.Content.ReadAsStringAsync(Cancelled));
        AssertUnmarked(served);
    }

    [Theory]
    [InlineData("1.1", null)]
    [InlineData("2.0", null)]
    [InlineData("2.0", Grpc)]
    public async Task The_refusal_of_a_forwarded_client_is_its_own_and_not_marked(string version, string? contentType)
    {
        await using var host = await StartAsync();
        using var client = Connect(host, Proxy, version);
        using var stranger = _mesh.Authority.Issue(Reports);

        using var refused = await AskAsync(client, "/", contentType, $":{Convert.ToBase64String(stranger.Certificate.RawData)}:");
        using var none = await AskAsync(client, "/", contentType);

        AssertStatus(refused, contentType, contentType is null ? 403 : 7);
        await AssertCodeAsync(refused, contentType, "mtls.peer_not_listed");
        AssertUnmarked(refused);
        AssertStatus(none, contentType, contentType is null ? 401 : 16);
        await AssertCodeAsync(none, contentType, "aspnetcore.forwarded_certificate_missing");
        AssertUnmarked(none);
    }

    [Theory]
    [InlineData("1.1", null)]
    [InlineData("2.0", null)]
    [InlineData("2.0", Grpc)]
    public async Task The_refusal_of_an_open_connection_is_marked(string version, string? contentType)
    {
        await using var host = await StartAsync();
        using var client = Connect(host, Mesh.Client, version);
        using var served = await AskAsync(client, "/", contentType);
        AssertUnmarked(served);

        _mesh.Bundles.Replace(new TrustBundleSet(_mesh.Bundles.GetBundles(), new DenyList(workloads: [WorkloadId.Parse(Mesh.Client)])));
        using var refused = await AskAsync(client, "/", contentType);

        AssertStatus(refused, contentType, contentType is null ? 403 : 7);
        await AssertCodeAsync(refused, contentType, "mtls.workload_denied");
        AssertMarked(refused);
    }

    [Theory]
    [InlineData("1.1", null)]
    [InlineData("2.0", null)]
    [InlineData("2.0", Grpc)]
    public async Task The_refusal_of_a_handshake_is_marked(string version, string? contentType)
    {
        await using var host = await StartAsync();
        using var client = Connect(host, Reports, version);

        using var refused = await AskAsync(client, "/", contentType);

        AssertStatus(refused, contentType, contentType is null ? 403 : 7);
        await AssertCodeAsync(refused, contentType, "mtls.peer_not_listed");
        AssertMarked(refused);
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient client, string path, string? contentType, string? forwarded = null)
    {
        using var request = new HttpRequestMessage(contentType is null ? HttpMethod.Get : HttpMethod.Post, path)
        {
            Version = client.DefaultRequestVersion,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (contentType is not null)
        {
            request.Content = new ByteArrayContent([]);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        if (forwarded is not null)
        {
            request.Headers.Add("Client-Cert", forwarded);
        }

        return await client.SendAsync(request, Cancelled);
    }

    private static void AssertStatus(HttpResponseMessage answer, string? contentType, int status)
    {
        Assert.Equal(contentType is null ? (HttpStatusCode)status : HttpStatusCode.OK, answer.StatusCode);
        if (contentType is not null)
        {
            Assert.Equal($"{status}", Assert.Single(answer.Headers.GetValues("grpc-status")));
        }
    }

    private static async Task AssertCodeAsync(HttpResponseMessage answer, string? contentType, string code)
    {
        if (contentType is null)
        {
            Assert.Contains($"\"{code}\"", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(code, Assert.Single(answer.Headers.GetValues("grpc-message")));
        }
    }

    private static void AssertMarked(HttpResponseMessage answer)
    {
        Assert.Equal("connection", Assert.Single(answer.Headers.GetValues("ZeroTrust-Refused")));
        Assert.Equal("@zerotrust_refused", Assert.Single(answer.Headers.GetValues("X-Accel-Redirect")));
    }

    private static void AssertUnmarked(HttpResponseMessage answer) => Assert.All(Marks, mark =>
    {
        Assert.False(answer.Headers.Contains(mark));
        Assert.False(answer.TrailingHeaders.Contains(mark));
    });

    private HttpClient Connect(TestHost host, string workload, string version)
    {
        var certificate = _mesh.Authority.Issue(workload);
        return Mesh.Connect(host.EndPoint("mesh"), certificate, Version.Parse(version));
    }

    private Task<TestHost> StartAsync()
    {
        var settings = TestHost.MeshListener();
        settings["ZeroTrust:Listeners:mesh:ForwardingProxies:0"] = Proxy;
        return TestHost.StartAsync(settings, _mesh, build: builder => builder.Services.AddZeroTrust().AddPeerAuthentication(), use: app =>
        {
            string[] methods = ["GET", "POST"];
            app.MapMethods("/", methods, () => "served").RequirePeer(Mesh.Client);
            app.MapMethods("/others", methods, () => "served").RequirePeer(Reports);
            app.MapMethods("/policy", methods, () => "served").RequirePeer()
                .RequireAuthorization(static policy => policy
                    .AddAuthenticationSchemes(PeerAuthenticationDefaults.Scheme).RequireAssertion(static _ => false));
            app.MapMethods("/undecided", methods, () => "served");
            app.MapMethods("/upstream", methods, string () => throw new HttpRequestException("refused", null, HttpStatusCode.Forbidden))
                .RequirePeer();
        });
    }
}
