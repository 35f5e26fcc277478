using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Mtls;
using ZeroTrust.Samples.Orders.Protos;
using ZeroTrust.Testing;

namespace ZeroTrust.IntegrationTests.Balancing;

/// <summary>Client-side load balancing of gRPC over mutual TLS, with a rotation while calls are under way.</summary>
public sealed class GrpcLoadBalancingTests : IAsyncLifetime
{
    private const string Gateway = "spiffe://example.test/gateway";
    private const string Orders = "spiffe://example.test/orders";

    private readonly TestCertificateAuthority _root = TestCertificateAuthority.Create("root");
    private readonly MemoryTrustBundleSource _bundles;
    private readonly TestCertificate _first;
    private readonly TestCertificate _second;
    private readonly MemoryPeerCredentialSource _credentials;
    private readonly List<BalancedServer> _servers = [];

    public GrpcLoadBalancingTests()
    {
        _bundles = new MemoryTrustBundleSource(new TrustBundleSet(_root.ToBundle("example.test")));
        _first = _root.Issue(Gateway);
        _second = _root.Issue(Gateway);
        _credentials = new MemoryPeerCredentialSource(_first.ToCredential());
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        for (var number = 1; number <= 2; number++)
        {
            using var leaf = _root.Issue(Orders);
            _servers.Add(await BalancedServer.StartAsync(number, leaf.ToCredential(), _bundles, Gateway));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        _second.Dispose();
        _first.Dispose();
        _root.Dispose();
    }

    [Fact]
    public async Task A_channel_balances_over_its_servers_and_no_call_fails_in_a_rotation()
    {
        await using var services = NewServices();
        using var handler = services.GetRequiredService<MtlsHandlerFactory>().Create("orders");
        using var channel = GrpcChannel.ForAddress("static:///orders", Configure(new GrpcChannelOptions { HttpHandler = handler, ServiceProvider = services }));

        await BalanceAndRotateAsync(new OrderBook.OrderBookClient(channel));
    }

    [Fact]
    public async Task A_client_of_the_factory_balances_over_its_servers_and_no_call_fails_in_a_rotation()
    {
        await using var services = NewServices();

        await BalanceAndRotateAsync(services.GetRequiredService<OrderBook.OrderBookClient>());
    }

    private static GrpcChannelOptions Configure(GrpcChannelOptions options)
    {
        options.Credentials = ChannelCredentials.SecureSsl;
        options.ServiceConfig = new ServiceConfig { LoadBalancingConfigs = { new RoundRobinConfig() } };
        return options;
    }

    private static async Task<(int Server, string Leaf)> CallAsync(OrderBook.OrderBookClient client)
    {
        var order = await client.GetOrderAsync(new GetOrderRequest { OrderId = "1" }, cancellationToken: Cancelled);
        return (order.Quantity, order.Product);
    }

    // A server joins the round when its connection is up; from then on each is called in turn.
    private static async Task MeetBothInTurnAsync(OrderBook.OrderBookClient client, TestCertificate shown)
    {
        const int Calls = 10;
        var leaf = shown.ToPeerCertificates().LeafSha256;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        for (var ofFirst = 0; ofFirst != Calls / 2;)
        {
            deadline.Token.ThrowIfCancellationRequested();
            ofFirst = 0;
            for (var i = 0; i < Calls; i++)
            {
                var call = await CallAsync(client);
                ofFirst += call == (1, leaf) ? 1 : 0;
            }
        }
    }

    /// <summary>Calls until told; a call that fails, fails the test.</summary>
    private static async Task<int> LoadAsync(OrderBook.OrderBookClient client, CancellationToken enough)
    {
        var calls = 0;
        for (; !enough.IsCancellationRequested; calls++)
        {
            await CallAsync(client);
        }

        return calls;
    }

    private async Task BalanceAndRotateAsync(OrderBook.OrderBookClient client)
    {
        await MeetBothInTurnAsync(client, _first);
        using var enough = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(_ => Task.Run(() => LoadAsync(client, enough.Token), Cancelled)).ToArray();
        for (var i = 0; i < 5; i++)
        {
            _credentials.Replace(_first.ToCredential());
            await CallAsync(client);
        }

        _credentials.Replace(_second.ToCredential());
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(_second.ToPeerCertificates().LeafSha256, (await CallAsync(client)).Leaf);
        }

        await enough.CancelAsync();
        Assert.NotEqual(0, (await Task.WhenAll(load)).Sum());
        await MeetBothInTurnAsync(client, _second);
    }

    private ServiceProvider NewServices()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<IPeerCredentialSource>(_credentials);
        services.AddSingleton<ITrustBundleSource>(_bundles);
        services.AddSingleton<ResolverFactory>(new StaticResolverFactory(
            _ => _servers.Select(server => new BalancerAddress(server.EndPoint.Address.ToString(), server.EndPoint.Port))));
        services.AddZeroTrust().AddMtls(options =>
        {
            options.TrustDomain = "example.test";
            options.Servers["orders"] = Orders;
        });
        services.AddGrpcClient<OrderBook.OrderBookClient>(options => options.Address = new Uri("static:///orders"))
            .ConfigureChannel(options => Configure(options))
            .AddMtls("orders");
        return services.BuildServiceProvider();
    }
}
