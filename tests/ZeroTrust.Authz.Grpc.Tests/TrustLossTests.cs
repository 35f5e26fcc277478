using System.Net;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.AspNetCore;
using ZeroTrust.AspNetCore.Tests;
using ZeroTrust.Authz.Grpc.Internal;
using ZeroTrust.Authz.Grpc.Tests.Protos;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;
using ZeroTrust.X509;
using TestMesh = ZeroTrust.AspNetCore.Tests.Mesh;

namespace ZeroTrust.Authz.Grpc.Tests;

/// <summary>Running calls of a peer that loses trust end with a status and the code, whatever the gRPC service is made of.</summary>
public sealed class TrustLossTests : IDisposable
{
    private const string Proxy = "spiffe://example.test/proxy";
    private const string Billing = "spiffe://example.test/billing";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly (StatusCode, string?) Denied = (StatusCode.PermissionDenied, "mtls.workload_denied");

    private readonly TestMesh _mesh = new();
    private readonly List<IDisposable> _opened = [];

    public static TheoryData<string, bool> Calls
    {
        get
        {
            var calls = new TheoryData<string, bool>();
            foreach (var kind in new[] { "long", "watch", "swallows", "collect", "exchange" })
            {
                calls.Add(kind, false);
                calls.Add(kind, true);
            }

            return calls;
        }
    }

    private static DateTime Deadline => TimeProvider.System.GetUtcNow().UtcDateTime + Patience;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _opened.ForEach(opened => opened.Dispose());
        _mesh.Dispose();
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_running_call_of_a_denied_workload_ends_with_the_status_and_the_code(string kind, bool refusesItself)
    {
        await using var host = await StartAsync(refusesItself);
        var call = await BeginAsync(host, Client(host, TestMesh.Client), kind);

        Deny(TestMesh.Client);

        Assert.Equal(Denied, await EndOfAsync(call));
        Assert.Equal("mtls.workload_denied", (await host.WaitForEventAsync("ConnectionCut")).GetStructuredStateValue("error.type"));
        Assert.Equal("mtls.workload_denied", (await host.WaitForEventAsync("CallRefused")).GetStructuredStateValue("error.type"));
        Assert.False(host.Logged("MethodFailed"));
    }

    [Theory]
    [InlineData("long")]
    [InlineData("exchange")]
    public async Task The_end_of_a_running_call_says_that_the_connection_is_refused(string kind)
    {
        await using var host = await StartAsync(refusesItself: false);
        var call = await BeginAsync(host, Client(host, TestMesh.Client), kind);

        Deny(TestMesh.Client);

        var ended = await Assert.ThrowsAsync<RpcException>(() => call().WaitAsync(Patience, Cancelled));
        Assert.Equal("connection", ended.Trailers.GetValue("zerotrust-refused"));
    }

    [Fact]
    public async Task The_next_call_says_that_the_connection_is_refused()
    {
        await using var host = await StartAsync(refusesItself: false);
        var client = Client(host, TestMesh.Client);
        var call = await BeginAsync(host, client, "watch");
        Deny(TestMesh.Client);

        var next = await Assert.ThrowsAsync<RpcException>(
            () => client.ReadAsync(new Entry(), cancellationToken: Cancelled).ResponseAsync);

        Assert.Equal("connection", next.Trailers.GetValue("zerotrust-refused"));
        await EndOfAsync(call);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Its_calls_of_all_kinds_and_the_next_end_alike_on_one_connection(bool refusesItself)
    {
        await using var host = await StartAsync(refusesItself);
        var client = Client(host, TestMesh.Client);
        var calls = new List<Func<Task>>();
        foreach (var kind in new[] { "watch", "exchange", "collect" })
        {
            calls.Add(await BeginAsync(host, client, kind));
        }

        Deny(TestMesh.Client);

        Assert.All(await Task.WhenAll(calls.Select(EndOfAsync)), end => Assert.Equal(Denied, end));
        Assert.Equal(Denied, await EndOfAsync(() => client.ReadAsync(new Entry(), cancellationToken: Cancelled).ResponseAsync));
    }

    [Fact]
    public async Task A_peer_whose_certificate_no_longer_leads_to_an_anchor_is_unauthenticated()
    {
        await using var host = await StartAsync(refusesItself: false);
        var call = await BeginAsync(host, Client(host, TestMesh.Client), "watch");

        using var successor = TestCertificateAuthority.Create("successor");
        _mesh.Bundles.Replace(new TrustBundleSet(successor.ToBundle(TestMesh.Domain)));

        Assert.Equal((StatusCode.Unauthenticated, "x509.untrusted_anchor"), await EndOfAsync(call));
    }

    [Fact]
    public async Task The_calls_of_another_peer_go_on()
    {
        await using var host = await StartAsync(refusesItself: false);
        var other = Client(host, Billing).Exchange(cancellationToken: Cancelled);
        await EchoAsync(other);
        var call = await BeginAsync(host, Client(host, TestMesh.Client), "watch");

        Deny(TestMesh.Client);
        await EndOfAsync(call);

        await EchoAsync(other);
        await other.RequestStream.CompleteAsync();
        Assert.False(await other.ResponseStream.MoveNext(Cancelled));
        Assert.Equal(StatusCode.OK, other.GetStatus().StatusCode);
        other.Dispose();
    }

    [Theory]
    [InlineData("long")]
    [InlineData("watch")]
    [InlineData("collect")]
    [InlineData("exchange")]
    public async Task A_forwarded_clients_call_ends_alike_and_its_proxys_others_go_on(string kind)
    {
        await using var host = await StartAsync(refusesItself: false);
        using var forwarded = _mesh.Intermediate.Issue(TestMesh.Client);
        var proxy = Client(host, Proxy);
        var other = proxy.Exchange(Forward(_mesh.Intermediate.Issue(Billing)), cancellationToken: Cancelled);
        await EchoAsync(other);
        var call = await BeginAsync(host, proxy, kind, Forward(forwarded));

        Deny(TestMesh.Client);

        Assert.Equal(Denied, await EndOfAsync(call));
        await EchoAsync(other);
        Assert.Equal("mtls.workload_denied", (await host.WaitForEventAsync("ForwardedCallCut")).GetStructuredStateValue("error.type"));
        Assert.False(host.Logged("CallRefused"));
        other.Dispose();
    }

    [Fact]
    public async Task Forwarded_calls_end_with_their_proxys_trust()
    {
        await using var host = await StartAsync(refusesItself: false);
        using var forwarded = _mesh.Intermediate.Issue(TestMesh.Client);
        var call = await BeginAsync(host, Client(host, Proxy), "watch", Forward(forwarded));

        Deny(Proxy);

        Assert.Equal(Denied, await EndOfAsync(call));
    }

    private static Metadata Forward(TestCertificate client) => new()
    {
        { "client-cert", $":{Convert.ToBase64String(client.Certificate.RawData)}:" },
        { "client-cert-chain", string.Join(", ", client.IntermediatesDer.Select(der => $":{Convert.ToBase64String(der.Span)}:")) },
    };

    private static async Task<(StatusCode Status, string? Code)> EndOfAsync(Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => call().WaitAsync(Patience, Cancelled));
        Assert.Equal(RejectionRpc.CodeOf(refused), refused.Status.Detail);
        return (refused.StatusCode, RejectionRpc.CodeOf(refused));
    }

    private static async Task EchoAsync(AsyncDuplexStreamingCall<Entry, Entry> call)
    {
        await call.RequestStream.WriteAsync(new Entry { Text = "echo" }, Cancelled);
        Assert.True(await call.ResponseStream.MoveNext(Cancelled));
    }

    private void Deny(string workload) => _mesh.Bundles.Replace(
        new TrustBundleSet(_mesh.Bundles.GetBundles(), new DenyList(workloads: [WorkloadId.Parse(workload)])));

    /// <returns>What waits for the end of the call, which its method is in.</returns>
    private async Task<Func<Task>> BeginAsync(TestHost host, Ledger.LedgerClient client, string kind, Metadata? headers = null)
    {
        var probe = host.Services.GetRequiredService<LedgerProbe>();
        switch (kind)
        {
            case "long":
                var unary = client.ReadAsync(new Entry { Text = kind }, headers, Deadline, cancellationToken: Cancelled);
                _opened.Add(unary);
                await probe.Received.Task.WaitAsync(Patience, Cancelled);
                return () => unary.ResponseAsync;
            case "collect":
                var collect = client.Collect(headers, cancellationToken: Cancelled);
                _opened.Add(collect);
                await collect.RequestStream.WriteAsync(new Entry(), Cancelled);
                await probe.Received.Task.WaitAsync(Patience, Cancelled);
                return () => collect.ResponseAsync;
            case "exchange":
                var exchange = client.Exchange(headers, cancellationToken: Cancelled);
                _opened.Add(exchange);
                await EchoAsync(exchange);
                return () => exchange.ResponseStream.MoveNext(Cancelled);
            default:
                var watch = client.Watch(new Entry { Text = kind }, headers, Deadline, cancellationToken: Cancelled);
                _opened.Add(watch);
                Assert.True(await watch.ResponseStream.MoveNext(Cancelled));
                return () => watch.ResponseStream.MoveNext(Cancelled);
        }
    }

    private Ledger.LedgerClient Client(TestHost host, string workload)
    {
        var certificate = _mesh.Intermediate.Issue(workload);
        _opened.Add(certificate);
        var http = TestMesh.Connect(host.EndPoint("mesh"), certificate, HttpVersion.Version20);
        var channel = GrpcChannel.ForAddress(
            $"https://{host.EndPoint("mesh")}", new GrpcChannelOptions { HttpClient = http, DisposeHttpClient = true });
        _opened.Add(channel);
        return new Ledger.LedgerClient(channel);
    }

    private Task<TestHost> StartAsync(bool refusesItself)
    {
        var settings = TestHost.MeshListener();
        settings["ZeroTrust:Listeners:mesh:Peers:1"] = Billing;
        settings["ZeroTrust:Listeners:mesh:ForwardingProxies:0"] = Proxy;
        return TestHost.StartAsync(
            settings,
            _mesh,
            build: builder =>
            {
                builder.Services.AddSingleton<LedgerProbe>();
                builder.Services.AddGrpc(options => options.IgnoreUnknownServices = true);
                if (refusesItself)
                {
                    // What AddAuthzGrpc() puts around the methods.
                    builder.Services.AddSingleton<RejectionInterceptor>().AddSingleton<IRejectionWriter, GrpcRejectionWriter>();
                    builder.Services.Configure<GrpcServiceOptions>(options => options.Interceptors.Add<RejectionInterceptor>());
                }
            },
            use: app => app.MapGrpcService<PlainLedger>().RequirePeer());
    }
}
