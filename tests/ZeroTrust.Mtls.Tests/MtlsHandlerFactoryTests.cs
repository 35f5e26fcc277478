using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests;

/// <summary>Handlers that no HTTP client factory makes.</summary>
public sealed class MtlsHandlerFactoryTests : IDisposable
{
    private readonly World _world = new();
    private readonly TestCertificate _orders;
    private readonly TestCertificate _billing;

    public MtlsHandlerFactoryTests()
    {
        _orders = _world.Intermediate.Issue(World.Orders);
        _billing = _world.Intermediate.Issue(World.Billing);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _billing.Dispose();
        _orders.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task A_handler_of_the_container_serves_a_client_made_by_hand()
    {
        await using var server = await StartAsync();
        await using var services = NewServices();
        var factory = services.GetRequiredService<MtlsHandlerFactory>();

        foreach (var handler in new[] { factory.Create("billing"), factory.Create(WorkloadId.Parse(World.Billing)) })
        {
            using var client = new HttpClient(handler);
            using var response = await client.GetAsync(server.Address, Cancelled);
            response.EnsureSuccessStatusCode();
        }
    }

    [Fact]
    public async Task A_server_that_is_not_configured_or_not_named_is_the_programs_error()
    {
        await using var services = NewServices();
        var factory = services.GetRequiredService<MtlsHandlerFactory>();

        Assert.Contains("ZeroTrust:Mtls:Servers:nowhere", Assert.Throws<ArgumentException>(() => factory.Create("nowhere")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => factory.Create(default(WorkloadId)));
    }

    [Fact]
    public async Task A_load_balancer_finds_a_handler_whose_way_to_connect_is_free_and_is_asked_by_every_generation()
    {
        var credentials = new MemoryPeerCredentialSource(_orders.ToCredential());
        await using var server = await StartAsync();
        await using var services = NewServices(credentials);
        using var handler = services.GetRequiredService<MtlsHandlerFactory>().Create("billing");
        var visible = Assert.IsType<SocketsHttpHandler>(Assert.IsAssignableFrom<DelegatingHandler>(handler).InnerHandler);
        Assert.Null(visible.ConnectCallback);
        var connects = 0;
        visible.ConnectCallback = async (_, cancellationToken) =>
        {
            Interlocked.Increment(ref connects);
            var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            await socket.ConnectAsync("localhost", server.Address.Port, cancellationToken);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        };
        using var client = new HttpClient(handler, disposeHandler: false);

        // An address the balancer alone can resolve.
        await client.GetStringAsync(new Uri("https://orders.invalid"), Cancelled);
        credentials.Replace(_orders.ToCredential());
        await client.GetStringAsync(new Uri("https://orders.invalid"), Cancelled);

        Assert.Equal(2, connects);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task With_resumption_every_later_connection_to_a_server_of_three_tiers_works_too()
    {
        await using var server = await MeshServer.StartAsync(_world.Tls(_billing), Listed, new ResumedPeers());
        using var client = new BoundClient(_world, _orders, configure: options => options.AllowResumption = true);

        for (var i = 0; i < 4; i++)
        {
            await client.GetOnceAsync(server.Address);
        }

        Assert.Equal(4, server.Connections);
        Assert.NotEqual(0, server.LeavesAlone);
    }

    [Fact]
    public async Task A_url_in_the_certificate_of_an_unproved_server_is_not_fetched()
    {
        await using var trap = new Trap();
        using var authority = TestCertificateAuthority.Create("stranger", _world.Time);
        using var leaf = authority.Issue(options =>
        {
            options.SpiffeId = World.Billing;
            options.IssuerUrl = $"http://{trap.EndPoint}/issuer.cer";
        });
        await using var server = await MeshServer.StartAsync(_world.Tls(leaf), Listed);
        using var client = new BoundClient(_world, _orders);

        var failure = await Assert.ThrowsAsync<RejectionException>(() => client.GetAsync(server.Address));

        Assert.Equal("x509.untrusted_anchor", failure.Rejection.Code);
        Assert.Equal(0, trap.Hits);
    }

    [Fact]
    public async Task A_request_on_an_unchanged_generation_costs_no_memory()
    {
        await using var services = NewServices();
        using var handler = (Client.MtlsHttpHandler)services.GetRequiredService<MtlsHandlerFactory>().Create("billing");
        handler.Generations.Rent().Return();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
        {
            handler.Generations.Rent().Return();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static PeerAllowList Listed => new(WorkloadId.Parse(World.Orders));

    private Task<MeshServer> StartAsync() => MeshServer.StartAsync(_world.Tls(_billing), Listed);

    private ServiceProvider NewServices(IPeerCredentialSource? credentials = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton(_world.Time);
        services.AddSingleton(credentials ?? new MemoryPeerCredentialSource(_orders.ToCredential()));
        services.AddSingleton<ITrustBundleSource>(_world.Bundles);
        services.AddZeroTrust().AddMtls(options =>
        {
            options.TrustDomain = World.Domain;
            options.Servers["billing"] = World.Billing;
        });
        return services.BuildServiceProvider();
    }
}
