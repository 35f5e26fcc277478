using System.Net;
using System.Net.WebSockets;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;
using ZeroTrust.IntegrationTests.Mesh;
using ZeroTrust.Mtls;
using ZeroTrust.Samples.Orders.Protos;

namespace ZeroTrust.IntegrationTests.Proxies;

/// <summary>A service that says who calls it, through whom and from where, over HTTP and gRPC.</summary>
internal sealed class ProxiedService : IAsyncDisposable
{
    private const string Root = "root";

    private readonly WebApplication _app;

    private ProxiedService(WebApplication app, EventLog log) => (_app, Log) = (app, log);

    public IPEndPoint EndPoint => _app.Services.GetRequiredService<BoundListeners>().GetEndPoint("mesh");

    public EventLog Log { get; }

    public static async Task<ProxiedService> StartAsync(
        ProxiedPki pki, Action<ListenerOptions> configure, TrustBundle? bundle = null, string allowedHosts = "*")
    {
        var log = new EventLog();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Test" });
        builder.Configuration["AllowedHosts"] = allowedHosts;
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddSingleton<ITrustBundleSource>(
            new MemoryTrustBundleSource(new TrustBundleSet(bundle ?? pki.Root.ToBundle(ProxiedPki.Domain))));
        builder.Services.AddSingleton<IPeerCredentialSource>(new MemoryPeerCredentialSource(pki.Service));
        builder.Services.AddGrpc();
        builder.Services.AddZeroTrust().AddMtls(options => options.TrustDomain = ProxiedPki.Domain).AddListeners(options =>
        {
            var mesh = new ListenerOptions { Url = "https://127.0.0.1:0", Role = ListenerRole.Mesh, Peers = [ProxiedPki.Gateway] };
            configure(mesh);
            options.Listeners["mesh"] = mesh;
        });
        var app = builder.Build();
        app.UseListenerGuard().UsePeerCurrency().UseForwardedCertificates().UseRouting().UseListenerRoles().UseAuthorization();
        app.UseWebSockets();
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.MapGet("/", Describe).RequirePeer().WithName(Root);
        app.MapGet("/link", Link).RequirePeer();
        app.Map("/socket", EchoAsync).RequirePeer();
        app.MapGet("/stream", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("first\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await released.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("last\n", context.RequestAborted);
        }).RequirePeer();
        app.MapPost("/release", async (HttpContext context) =>
        {
            // The head and the first byte are here while the rest of the body is not.
            await context.Request.Body.ReadExactlyAsync(new byte[1], context.RequestAborted);
            released.TrySetResult();
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        }).RequirePeer();
        app.MapPost("/echo", static async (HttpContext context) =>
        {
            using var body = new StreamReader(context.Request.Body);
            return $"{(await body.ReadToEndAsync(context.RequestAborted)).Length} from {context.GetVerifiedPeer()}";
        }).RequirePeer();
        app.MapGrpcService<Book>().RequirePeer();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ProxiedService(app, log);
    }

    /// <summary>Waits until a peer was refused with this code.</summary>
    public async Task RefusedAsync(string code)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!Log.Named("PeerRefused").Any(refused => refused.Contains(code, StringComparison.Ordinal)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), deadline.Token);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>The absolute link to another endpoint, by what the service knows of its own address.</summary>
    private static string Link(HttpContext context) =>
        context.RequestServices.GetRequiredService<LinkGenerator>().GetUriByName(context, Root)!;

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[64];
        while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } read)
        {
            await socket.SendAsync(buffer.AsMemory(0, read.Count), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, context.RequestAborted);
    }

    private static string Describe(HttpContext context)
    {
        var through = context.Features.Get<IForwardedPeerFeature>() is { } forwarded ? $" through {forwarded.Proxy}" : string.Empty;
        return $"{context.GetVerifiedPeer()}{through} from {context.Connection.RemoteIpAddress} by {context.Request.Protocol}";
    }

    internal sealed class Book : OrderBook.OrderBookBase
    {
        public override Task<Order> GetOrder(GetOrderRequest request, ServerCallContext context) =>
            Task.FromResult(new Order
            {
                Product = request.OrderId == "link" ? Link(context.GetHttpContext()) : Describe(context.GetHttpContext()),
            });
    }
}
