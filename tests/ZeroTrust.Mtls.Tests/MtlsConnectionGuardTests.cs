using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using ZeroTrust.Mtls.Internal;
using ZeroTrust.Mtls.Client;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests;

/// <summary>The guard between the handshake and the first byte of a request, without what stands before it.</summary>
public sealed class MtlsConnectionGuardTests : IDisposable
{
    private readonly World _world = new();
    private readonly TestCertificate _orders;
    private readonly TestCertificate _billing;
    private readonly HandlerParts _parts;
    private readonly ServerConnections _connections;
    private readonly SocketsHttpHandler _template = new();
    private readonly MtlsConnector _connector;

    public MtlsConnectionGuardTests()
    {
        _orders = _world.Intermediate.Issue(World.Orders);
        _billing = _world.Intermediate.Issue(World.Billing);
        var credentials = new MemoryPeerCredentialSource(_orders.ToCredential());
        _parts = new HandlerParts(
            new BoundServer(new ServerIdentity(WorkloadId.Parse(World.Billing)), _world.Verifier), new PeerTls(_world.Verifier, credentials), credentials, new MtlsOptions(), _world.Time,
            new ServerAudit(NullLogger.Instance, _world.Time, meterFactory: null));
        _connections = new ServerConnections(_parts, () => { });
        _connector = new MtlsConnector(_parts, _template, _connections, resumption: null);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _connections.Dispose();
        _template.Dispose();
        _billing.Dispose();
        _orders.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task A_connection_that_was_proved_here_is_let_pass()
    {
        await using var server = await StartAsync();

        await SendAsync(server, _connector.ConnectAsync);

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_connection_that_somebody_else_made_is_refused()
    {
        await using var server = await StartAsync();

        var rejection = await RefuseAsync(server, CarelessAsync);

        Assert.Equal("mtls.handshake_invalid", rejection.Code);
    }

    [Fact]
    public async Task A_connection_without_tls_is_refused()
    {
        await using var trap = new Trap();
        using var client = NewClient((_, cancellationToken) => OpenAsync((IPEndPoint)trap.EndPoint, cancellationToken));

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://{trap.EndPoint}"), Cancelled));

        Assert.Equal("mtls.handshake_invalid", Assert.IsType<RejectionException>(failure.InnerException).Rejection.Code);
    }

    [Fact]
    public async Task A_connection_whose_trust_ended_since_its_handshake_is_refused()
    {
        await using var server = await StartAsync();

        var rejection = await RefuseAsync(server, async (context, cancellationToken) =>
        {
            var stream = await _connector.ConnectAsync(context, cancellationToken);
            _world.Bundles.Replace(new TrustBundleSet(_world.Bundles.GetBundles(), new DenyList(workloads: [_parts.Server])));
            return stream;
        });

        Assert.Equal("mtls.workload_denied", rejection.Code);
    }

    [Fact]
    public async Task A_way_to_connect_that_ends_at_another_server_is_refused()
    {
        using var other = _world.Intermediate.Issue("spiffe://example.test/other");
        await using var server = await MeshServer.StartAsync(_world.Tls(other), new PeerAllowList(WorkloadId.Parse(World.Orders)));
        _template.ConnectCallback = (_, cancellationToken) => OpenAsync(new IPEndPoint(IPAddress.Loopback, server.Address.Port), cancellationToken);

        var rejection = await RefuseAsync(server, _connector.ConnectAsync);

        Assert.Equal("mtls.server_identity_mismatch", rejection.Code);
    }

    [Fact]
    public async Task A_way_to_connect_that_brings_its_own_tls_gets_ours_on_top()
    {
        await using var server = await StartAsync();
        _template.ConnectCallback = CarelessAsync;
        using var client = NewClient(_connector.ConnectAsync);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(server.Address, Cancelled));

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_connector_opens_nothing_for_plain_http()
    {
        await using var trap = new Trap();
        using var client = NewClient(_connector.ConnectAsync);

        await Assert.ThrowsAnyAsync<Exception>(() => client.GetAsync(new Uri($"http://{trap.EndPoint}"), Cancelled));

        Assert.Equal(0, trap.Hits);
    }

    [Fact]
    public void What_goes_around_the_connector_finds_a_platform_that_takes_no_server()
    {
        using var sockets = MtlsSockets.Create(new MtlsOptions());
        using var chain = new System.Security.Cryptography.X509Certificates.X509Chain();

        // HTTP/3 asks no ConnectCallback; an Alt-Svc header of the server may lead there.
        Assert.False(sockets.SslOptions.RemoteCertificateValidationCallback!(this, _billing.Certificate, chain, SslPolicyErrors.None));
        Assert.False(sockets.AllowAutoRedirect || sockets.UseProxy || sockets.UseCookies);
    }

    private static async ValueTask<Stream> OpenAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>TLS with the right credential that takes any server.</summary>
    private async ValueTask<Stream> CarelessAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var stream = new SslStream(await OpenAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancellationToken));
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                ClientCertificateContext = _orders.ToCredential().CertificateContext,
#pragma warning disable CA5359 // the careless one is what is played
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            },
            cancellationToken);
        return stream;
    }

    private HttpClient NewClient(Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect)
    {
        var handler = MtlsSockets.Create(new MtlsOptions());
        handler.ConnectCallback = connect;
        handler.PlaintextStreamFilter = _connector.GuardAsync;
        return new HttpClient(handler);
    }

    private Task<MeshServer> StartAsync() => MeshServer.StartAsync(_world.Tls(_billing), new PeerAllowList(WorkloadId.Parse(World.Orders)));

    private async Task SendAsync(MeshServer server, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect)
    {
        using var client = NewClient(connect);
        using var response = await client.GetAsync(server.Address, Cancelled);
    }

    private async Task<Rejection> RefuseAsync(MeshServer server, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect)
    {
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(server, connect));
        Assert.Empty(server.Requests);
        return Assert.IsType<RejectionException>(failure.InnerException).Rejection;
    }
}
