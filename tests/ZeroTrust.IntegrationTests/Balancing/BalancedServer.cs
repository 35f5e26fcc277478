using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;
using ZeroTrust.Mtls;
using ZeroTrust.Samples.Orders.Protos;

namespace ZeroTrust.IntegrationTests.Balancing;

/// <summary>One of several servers of the same workload. It answers with its own number and the leaf of its caller.</summary>
internal sealed class BalancedServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private BalancedServer(WebApplication app) => _app = app;

    public IPEndPoint EndPoint => _app.Services.GetRequiredService<BoundListeners>().GetEndPoint("mesh");

    public static async Task<BalancedServer> StartAsync(int number, PeerCredential credential, ITrustBundleSource bundles, string client)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Test" });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(bundles);
        builder.Services.AddSingleton<IPeerCredentialSource>(new MemoryPeerCredentialSource(credential));
        builder.Services.AddSingleton(new Number(number));
        builder.Services.AddGrpc();
        builder.Services.AddZeroTrust().AddMtls(options => options.TrustDomain = "example.test").AddListeners(options => options.Listeners["mesh"] = new ListenerOptions
        {
            Url = "https://127.0.0.1:0",
            Role = ListenerRole.Mesh,
            Peers = [client],
        });
        var app = builder.Build();
        app.UseListenerGuard().UsePeerCurrency().UseRouting().UseListenerRoles().UseAuthorization();
        app.MapGrpcService<Book>().RequirePeer();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new BalancedServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal sealed record Number(int Value);

    internal sealed class Book(Number number) : OrderBook.OrderBookBase
    {
        public override Task<Order> GetOrder(GetOrderRequest request, ServerCallContext context) => Task.FromResult(new Order
        {
            Quantity = number.Value,
            Product = context.GetHttpContext().GetVerifiedPeer()!.LeafSha256,
        });
    }
}
