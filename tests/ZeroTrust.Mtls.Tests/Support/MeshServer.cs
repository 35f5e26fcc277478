using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ZeroTrust.Mtls.Tests.Support;

/// <summary>A Kestrel server that serves the workloads on its list, and tells whom it saw.</summary>
internal sealed class MeshServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MeshServer(PeerTls tls, PeerAllowList allowed)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = context =>
                {
                    var handshake = tls.AcceptClient(allowed, refused: (rejection, _) => Refusals.Add(rejection));
                    context.Connection.Features.Set(handshake);
                    return ValueTask.FromResult(handshake.CreateOptions());
                },
            });
            listen.Use(next => connection =>
            {
                var stream = connection.Features.Get<ISslStreamFeature>()!.SslStream;
                var verdict = connection.Features.Get<PeerServerHandshake>()!.Complete(stream);
                connection.Items["peer"] = verdict.Value;
                return verdict.IsAccepted ? next(connection) : Task.CompletedTask;
            });
        }));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public Uri Address { get; private set; } = new("https://localhost");

    public System.Collections.Concurrent.ConcurrentBag<Rejection> Refusals { get; } = [];

    public System.Collections.Concurrent.ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<MeshServer> StartAsync(PeerTls tls, PeerAllowList allowed)
    {
        var server = new MeshServer(tls, allowed);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        server.Address = new Uri($"https://localhost:{new Uri(server._app.Urls.Single()).Port}");
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue(context.Request.Path);
        if (context.Request.Path == "/elsewhere")
        {
            context.Response.Redirect("/");
            return;
        }

        var peer = (VerifiedPeer?)context.Features.Get<IConnectionItemsFeature>()?.Items["peer"];
        await context.Response.WriteAsync($"{peer?.LeafSha256}");
    }
}
