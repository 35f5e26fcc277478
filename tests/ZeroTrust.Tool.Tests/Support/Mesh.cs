using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Mtls;

namespace ZeroTrust.Tool.Tests.Support;

/// <summary>Two services that have nothing but the settings they were given: a Kestrel server, and a client bound to it.</summary>
internal static class Mesh
{
    /// <summary>Calls the server from the client.</summary>
    /// <param name="serverSettings">The server's settings, JSON.</param>
    /// <param name="clientSettings">The client's settings, JSON.</param>
    /// <param name="server">The server's name in the client's settings.</param>
    /// <returns>The workload the server saw.</returns>
    public static async Task<string> CallAsync(string serverSettings, string clientSettings, string server)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var app = Serve(serverSettings);
        await app.StartAsync(cancellationToken);
        var services = new ServiceCollection().AddSingleton<IConfiguration>(Read(clientSettings));
        services.AddZeroTrust().AddMtls();
        services.AddHttpClient("client").AddMtls(server);
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("client");
        return await client.GetStringAsync(new Uri($"https://localhost:{new Uri(app.Urls.Single()).Port}"), cancellationToken);
    }

    public static IConfigurationRoot Read(string settings) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(settings))).Build();

    private static WebApplication Serve(string settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddConfiguration(Read(settings));
        builder.Services.AddZeroTrust().AddMtls();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            var tls = kestrel.ApplicationServices.GetRequiredService<PeerTls>();
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = context =>
                {
                    var handshake = tls.AcceptClient(new PeerAllowList(WorkloadId.Parse("spiffe://dev.local/gateway")));
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
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync($"{context.Features.Get<IConnectionItemsFeature>()?.Items["peer"]}"));
        return app;
    }
}
