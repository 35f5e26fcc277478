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
    private int _connections;
    private int _closed;
    private int _leavesAlone;

    private MeshServer(PeerTls tls, PeerAllowList allowed, ResumedPeers? resumption)
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
                    var handshake = tls.AcceptClient(allowed, resumption, (rejection, _) => Refusals.Add(rejection));
                    ServerNames.Enqueue(context.ClientHelloInfo.ServerName);
                    context.Connection.Features.Set(handshake);
                    var options = handshake.CreateOptions();
                    var decide = options.RemoteCertificateValidationCallback!;
                    options.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
                    {
                        if (chain?.ChainPolicy.ExtraStore.Count == 0)
                        {
                            Interlocked.Increment(ref _leavesAlone);
                        }

                        return decide(sender, certificate, chain, errors);
                    };
                    return ValueTask.FromResult(options);
                },
            });
            listen.Use(next => async connection =>
            {
                Interlocked.Increment(ref _connections);
                var stream = connection.Features.Get<ISslStreamFeature>()!.SslStream;
                var verdict = connection.Features.Get<PeerServerHandshake>()!.Complete(stream);
                connection.Items["peer"] = verdict.Value;
                try
                {
                    await (verdict.IsAccepted ? next(connection) : Task.CompletedTask);
                }
                finally
                {
                    Interlocked.Increment(ref _closed);
                }
            });
        }));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public Uri Address { get; private set; } = new("https://localhost");

    public System.Collections.Concurrent.ConcurrentBag<Rejection> Refusals { get; } = [];

    public System.Collections.Concurrent.ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The names clients asked for by SNI.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> ServerNames { get; } = new();

    /// <summary>Completed handshakes, and how many of their connections are closed.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public int Closed => Volatile.Read(ref _closed);

    /// <summary>Handshakes in which the platform handed over the leaf alone, as it does for resumed sessions.</summary>
    public int LeavesAlone => Volatile.Read(ref _leavesAlone);

    /// <summary>Answers instead of the server, where a test sets it.</summary>
    public RequestDelegate? Answer { get; set; }

    public static async Task<MeshServer> StartAsync(PeerTls tls, PeerAllowList allowed, ResumedPeers? resumption = null)
    {
        var server = new MeshServer(tls, allowed, resumption);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        server.Address = new Uri($"https://localhost:{new Uri(server._app.Urls.Single()).Port}");
        return server;
    }

    /// <summary>The SHA-256 of the leaf the client showed on this connection.</summary>
    public static string LeafOf(HttpContext context) =>
        ((VerifiedPeer?)context.Features.Get<IConnectionItemsFeature>()?.Items["peer"])?.LeafSha256 ?? "none";

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue(context.Request.Path);
        if (context.Request.Path == "/elsewhere")
        {
            context.Response.Redirect("/");
            return;
        }

        await (Answer?.Invoke(context) ?? context.Response.WriteAsync(LeafOf(context)));
    }
}
