using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz.Grpc.Tests.Protos;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.Grpc.Tests;

/// <summary>The gRPC service on a mesh listener, and a plain <see cref="GrpcChannel"/> with the gateway's certificate.</summary>
internal sealed class LedgerFixture : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<GrpcChannel> _channels = [];

    private LedgerFixture(MeshHost host)
    {
        Host = host;
        Gateway = host.Peer(MeshHost.Gateway);
        Client = ClientOf(Gateway);
    }

    public MeshHost Host { get; }

    public MeshPeer Gateway { get; }

    public Ledger.LedgerClient Client { get; }

    public LedgerProbe Probe => Host.Services.GetRequiredService<LedgerProbe>();

    public static async Task<LedgerFixture> StartAsync(Action<WebApplication>? map = null, Action<WebApplicationBuilder>? configure = null) => new(await MeshHost.StartAsync(
        map ?? (app => app.MapGrpcService<LedgerService>()),
        Register + configure));

    public static void Register(WebApplicationBuilder builder)
    {
        builder.Services.AddZeroTrust().AddAuthzGrpc();
        builder.Services.AddSingleton<LedgerProbe>();
    }

    public static Metadata Carry(TxnHeaders headers) => new()
    {
        { TxnHeaderNames.Token, headers.Token },
        { TxnHeaderNames.Chain, headers.Chain },
        { TxnHeaderNames.Certs, headers.Certs },
    };

    public static async Task<(StatusCode Status, string? Code)> RefusedAsync(Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => call().WaitAsync(Patience, TestContext.Current.CancellationToken));
        return (refused.StatusCode, RejectionRpc.CodeOf(refused));
    }

    public CallInvoker Invoker(MeshPeer peer, string listener = "mesh", Func<HttpMessageHandler, HttpMessageHandler>? through = null)
    {
        HttpMessageHandler handler = Host.Handler(peer.Certificate);
        var channel = GrpcChannel.ForAddress($"https://{Host.EndPointOf(listener)}", new GrpcChannelOptions
        {
            HttpHandler = through?.Invoke(handler) ?? handler,
            DisposeHttpClient = true,
        });
        _channels.Add(channel);
        return channel.CreateCallInvoker();
    }

    public Ledger.LedgerClient ClientOf(MeshPeer peer, string listener = "mesh") => new(Invoker(peer, listener));

    public async ValueTask DisposeAsync()
    {
        Probe.Release.TrySetResult();
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }

        await Host.DisposeAsync();
    }
}
