using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ZeroTrust.Samples.Tour.Attack;

/// <summary>A server with somebody's stolen certificate and key, which keeps the context headers it is sent.</summary>
internal sealed class Impostor : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Impostor(WebApplication app) => _app = app;

    /// <summary>The context headers of the last call; empty before one came.</summary>
    public IReadOnlyDictionary<string, string> Captured { get; private set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public static async Task<Impostor> StartAsync(int port, Identity stolen, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listener =>
        {
            listener.Protocols = HttpProtocols.Http1AndHttp2;
            listener.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = SslStreamCertificateContext.Create(stolen.Certificate, stolen.Intermediates, offline: true),
                    ClientCertificateRequired = true,
#pragma warning disable CA5359 // an impostor takes whoever comes
                    RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
                }),
            });
        }));
        var app = builder.Build();
        var impostor = new Impostor(app);
        app.Run(context =>
        {
            impostor.Captured = context.Request.Headers
                .Where(static header => header.Key.StartsWith("Txn-", StringComparison.OrdinalIgnoreCase))
                .ToDictionary(static header => header.Key, static header => header.Value.ToString(), StringComparer.Ordinal);
            context.Response.StatusCode = StatusCodes.Status418ImATeapot;
            return Task.CompletedTask;
        });
        await app.StartAsync(cancellationToken);
        return impostor;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
