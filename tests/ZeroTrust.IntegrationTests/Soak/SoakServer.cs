using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.IntegrationTests.Soak;

/// <summary>A service that answers with the two leaves of the connection, and has a stream that never ends by itself.</summary>
internal static class SoakServer
{
    public static async Task<WebApplication> StartAsync(RotatingPki pki, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Test" });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(pki.SettingsOf("server"));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["ZeroTrust:Listeners:mesh:Url"] = "https://127.0.0.1:0",
            ["ZeroTrust:Listeners:mesh:Role"] = "Mesh",
            ["ZeroTrust:Listeners:mesh:Peers:0"] = RotatingPki.WorkloadOf("client"),
            ["ZeroTrust:Listeners:mesh:Peers:1"] = RotatingPki.WorkloadOf("victim"),
            ["ZeroTrust:Listeners:mesh:RotationDrain"] = "00:00:00.2",
        });
        builder.Services.AddZeroTrust().AddMtls().AddListeners();
        var app = builder.Build();
        app.UseListenerGuard().UsePeerCurrency().UseRouting().UseListenerRoles().UseAuthorization();
        app.MapGet("/leaves", Leaves).RequirePeer();
        app.MapPost("/leaves", async (HttpContext context) =>
        {
            // Unread, it would keep the stream open on the server, which has a limit to those.
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            return Leaves(context);
        }).RequirePeer();
        app.MapGet("/stream", StreamAsync).RequirePeer();
        await app.StartAsync(cancellationToken);
        return app;
    }

    private static string Leaves(HttpContext context) =>
        $"{context.GetVerifiedPeer()?.LeafSha256} {Sha256(context.Features.Get<ISslStreamFeature>()!.SslStream.LocalCertificate!)}";

    private static string Sha256(X509Certificate certificate) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(certificate.GetRawCertData()));

    private static async Task StreamAsync(HttpContext context)
    {
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.WriteAsync(".", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(TimeSpan.FromMilliseconds(20), context.RequestAborted);
        }
    }
}
