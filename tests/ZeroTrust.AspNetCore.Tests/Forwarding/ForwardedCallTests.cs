using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.AspNetCore.Connections;
using ZeroTrust.Mtls;
using ZeroTrust.Shared;
using ZeroTrust.Testing;
using ZeroTrust.X509;
using static ZeroTrust.AspNetCore.Tests.Forwarding.ForwardedCertificatesTests;

namespace ZeroTrust.AspNetCore.Tests.Forwarding;

/// <summary>What becomes of the running calls of forwarded clients when trust moves.</summary>
public sealed class ForwardedCallTests : IDisposable
{
    private const string Proxy = "spiffe://example.test/ingress";
    private const string Billing = "spiffe://example.test/billing";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Mesh _mesh = new();
    private readonly TestCertificate _proxy;
    private readonly TestCertificate _client;
    private readonly TestCertificate _billing;

    public ForwardedCallTests()
    {
        _proxy = _mesh.Intermediate.Issue(Proxy);
        _client = _mesh.Intermediate.Issue(Mesh.Client);
        _billing = _mesh.Intermediate.Issue(Billing);
    }

    public void Dispose()
    {
        _billing.Dispose();
        _client.Dispose();
        _proxy.Dispose();
        _mesh.Dispose();
    }

    [Fact]
    public async Task A_revoked_clients_running_call_is_cut_and_its_proxy_goes_on()
    {
        PublishCrls();
        await using var host = await StartAsync(_mesh);
        using var refused = new MetricCollector<long>(
            host.Services.GetRequiredService<IMeterFactory>(), "ZeroTrust.AspNetCore", "zerotrust.aspnetcore.calls.refused");
        var connections = 0;
        using var http = Mesh.Connect(host.EndPoint("mesh"), _proxy, HttpVersion.Version20, _ => connections++);
        await using var cut = await OpenAsync(http, _client);
        await using var other = await OpenAsync(http, _billing);

        PublishCrls(_client);

        await ReadToCutAsync(cut);
        Assert.NotEqual(0, await other.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        await using var another = await OpenAsync(http, _billing);
        Assert.Equal(1, connections);

        var told = await host.WaitForEventAsync("ForwardedCallCut");
        Assert.Equal(Mesh.Client, told.GetStructuredStateValue("zerotrust.workload"));
        Assert.Equal(Proxy, told.GetStructuredStateValue("zerotrust.proxy"));
        Assert.Equal("mesh", told.GetStructuredStateValue("zerotrust.listener"));
        Assert.Equal("x509.revoked", told.GetStructuredStateValue("error.type"));
        await refused.WaitForMeasurementsAsync(1, TestContext.Current.CancellationToken);
        Assert.Equal("x509.revoked", Assert.Single(refused.GetMeasurementSnapshot()).Tags["error.type"]);
        Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Name == "ForwardedCallCut");
        Assert.False(host.Logged("ConnectionCut"));
    }

    [Fact]
    public async Task A_denied_clients_running_call_is_cut_over_http1_too()
    {
        await using var host = await StartAsync(_mesh);
        using var http = Mesh.Connect(host.EndPoint("mesh"), _proxy);
        await using var cut = await OpenAsync(http, _client);
        await using var other = await OpenAsync(http, _billing);

        _mesh.Bundles.Replace(new TrustBundleSet(_mesh.Bundles.GetBundles(), new DenyList(workloads: [WorkloadId.Parse(Mesh.Client)])));

        await ReadToCutAsync(cut);
        Assert.NotEqual(0, await other.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        Assert.Equal("mtls.workload_denied", (await host.WaitForEventAsync("ForwardedCallCut")).GetStructuredStateValue("error.type"));
    }

    [Fact]
    public async Task A_running_call_ends_with_the_certificate_of_its_client()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var mesh = new Mesh(time);
        using var proxy = mesh.Intermediate.Issue(Proxy);
        using var lasting = mesh.Intermediate.Issue(Billing);
        using var ending = mesh.Intermediate.Issue(options =>
        {
            options.SpiffeId = Mesh.Client;
            options.NotAfter = time.GetUtcNow().AddMinutes(5);
        });
        await using var host = await StartAsync(mesh, time);
        using var http = Mesh.Connect(host.EndPoint("mesh"), proxy, HttpVersion.Version20);
        await using var cut = await OpenAsync(http, ending);
        await using var other = await OpenAsync(http, lasting);

        time.Advance(TimeSpan.FromMinutes(6));

        await ReadToCutAsync(cut);
        Assert.NotEqual(0, await other.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        Assert.Equal("x509.expired", (await host.WaitForEventAsync("ForwardedCallCut")).GetStructuredStateValue("error.type"));
    }

    [Fact]
    public async Task A_call_that_has_ended_is_cut_no_more()
    {
        PublishCrls();
        await using var host = await StartAsync(_mesh);
        var connections = 0;
        using var http = Mesh.Connect(host.EndPoint("mesh"), _proxy, connected: _ => connections++);
        using (var ended = await http.SendAsync(Forward(_client), TestContext.Current.CancellationToken))
        {
            Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        }

        using var another = _mesh.Intermediate.Issue(Mesh.Client);
        using var others = Mesh.Connect(host.EndPoint("mesh"), _proxy);
        await using var sameConnection = await OpenAsync(http, _billing);
        await using var cut = await OpenAsync(others, another);
        Assert.Equal(1, connections);

        // The second sweep tells that the first is over.
        PublishCrls(_client);
        PublishCrls(_client, another);
        await ReadToCutAsync(cut);
        await host.WaitForEventAsync("ForwardedCallCut");

        Assert.NotEqual(0, await sameConnection.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Name == "ForwardedCallCut");
    }

    [Fact]
    public void A_context_is_aborted_for_its_own_call_alone()
    {
        var peer = new PeerVerifier(
            _mesh.Bundles,
            Microsoft.Extensions.Options.Options.Create(new MtlsOptions { TrustDomain = Mesh.Domain }),
            TimeProvider.System).Verify(_client.ToPeerCertificates(), PeerRole.Client).Value!;
        var lifetime = new Lifetime();
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        var ended = new ForwardedCall(context, peer, peer);
        ended.End();

        Assert.False(TryAbort(ended));
        Assert.Equal(0, lifetime.Aborts);
        var running = new ForwardedCall(context, peer, peer);
        Assert.True(TryAbort(running));
        Assert.False(TryAbort(running));
        Assert.Equal(1, lifetime.Aborts);
    }

    [Fact]
    public async Task A_flood_of_spoofed_headers_does_not_flood_the_log_and_hides_no_other_listener()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var mesh = new Mesh(time);
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        var settings = TestHost.MeshListener();
        foreach (var (key, value) in TestHost.ProbeListener())
        {
            settings[key] = value;
        }

        await using var host = await TestHost.StartAsync(settings, mesh, use: Map, time: time);
        using var counted = new MetricCollector<long>(
            host.Services.GetRequiredService<IMeterFactory>(), "ZeroTrust.AspNetCore", "zerotrust.aspnetcore.certificate_headers.stripped");
        using var probe = new HttpClient { BaseAddress = new Uri($"http://{host.EndPoint("probe")}") };
        using var inside = Mesh.Connect(host.EndPoint("mesh"), certificate);

        for (var i = 0; i <= CallerBudgets.PerCaller; i++)
        {
            await SpoofAsync(probe);
        }

        Assert.Equal(CallerBudgets.PerCaller, Stripped("probe"));
        Assert.Equal(CallerBudgets.PerCaller + 1, counted.GetMeasurementSnapshot().Count);
        await SpoofAsync(inside);
        Assert.Equal(1, Stripped("mesh"));

        time.Advance(TimeSpan.FromSeconds(1));
        await SpoofAsync(probe);
        Assert.Equal(CallerBudgets.PerCaller + 1, Stripped("probe"));
        var told = Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Name == "CertificateHeadersSuppressed");
        Assert.Equal("1", told.GetStructuredStateValue("Suppressed"));
        Assert.Equal("probe", told.GetStructuredStateValue("Listener"));

        int Stripped(string listener) => host.Logs.GetSnapshot().Count(record =>
            record.Id.Name == "CertificateHeaderStripped" && record.GetStructuredStateValue("Listener") == listener);
    }

    private static bool TryAbort(ForwardedCall call) => call.TryAbortAfter(
        TimeSpan.Zero, TimeProvider.System, new Rejection("mtls.workload_denied", string.Empty, RejectionKind.Forbidden));

    private static Task<TestHost> StartAsync(Mesh mesh, TimeProvider? time = null)
    {
        var settings = TestHost.MeshListener();
        settings["ZeroTrust:Listeners:mesh:Peers:1"] = Billing;
        settings["ZeroTrust:Listeners:mesh:ForwardingProxies:0"] = Proxy;
        return TestHost.StartAsync(settings, mesh, use: Map, time: time);
    }

    private static void Map(WebApplication app)
    {
        app.MapGet("/", () => "ok").AllowPublic("test").OnListeners(ListenerRoles.Mesh | ListenerRoles.Probe);
        app.MapGet("/stream", async (HttpContext context) =>
        {
            while (true)
            {
                await context.Response.WriteAsync(".", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(TimeSpan.FromMilliseconds(10), context.RequestAborted);
            }
        }).RequirePeer();
    }

    private static async Task SpoofAsync(HttpClient http)
    {
        using var request = With(new HttpRequestMessage(HttpMethod.Get, new Uri("/", UriKind.Relative)), "Client-Cert", ":AAAA:");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task<Stream> OpenAsync(HttpClient http, TestCertificate client)
    {
        using var request = Forward(client, "/stream");
        request.Version = http.DefaultRequestVersion;
        request.VersionPolicy = http.DefaultVersionPolicy;
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
    }

    private static async Task ReadToCutAsync(Stream stream)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (await stream.ReadAsync(new byte[64], deadline.Token) > 0)
            {
            }
        });
    }

    private void PublishCrls(params IEnumerable<TestCertificate> revoked) => _mesh.Bundles.Replace(new TrustBundleSet(new TrustBundle(
        TrustDomain.Parse(Mesh.Domain),
        [_mesh.Authority.Certificate],
        crls: new CrlSet([_mesh.Authority.IssueCrl([]), _mesh.Intermediate.IssueCrl(revoked.Select(leaf => leaf.Certificate))]))));

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public int Aborts { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => Aborts++;
    }
}
