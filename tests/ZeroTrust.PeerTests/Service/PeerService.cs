using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;
using ZeroTrust.HealthChecks;

namespace ZeroTrust.PeerTests.Service;

/// <summary>A service as a newcomer writes it, with a mesh listener alone.</summary>
internal sealed class PeerService : IAsyncDisposable
{
    private const string Reason = "The process of a test, open for its runner and its debugger.";

    private readonly WebApplication _app;

    private PeerService(WebApplication app) => _app = app;

    public Uri Address => new($"https://localhost:{_app.Services.GetRequiredService<BoundListeners>().GetEndPoint("mesh").Port}");

    public static async Task<PeerService> StartAsync(PeerPki pki)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Test" });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(SettingsOf(pki));
        builder.Services.AddGrpc();
        builder.AddZeroTrustDefaults(zeroTrust => zeroTrust.DangerousHealthChecks(dangers => dangers
            .AllowDiagnostics(DiagnosticsExposure.DiagnosticPort, Reason)
            .AllowDiagnostics(DiagnosticsExposure.DebuggerPipe, Reason)));
        var app = builder.Build();
        app.UseZeroTrust();
        app.MapGet("/echo", static () => "served").RequirePeer();
        app.MapPost("/echo", static async (HttpRequest request) =>
        {
            await request.Body.CopyToAsync(Stream.Null, request.HttpContext.RequestAborted);
            return "served";
        }).RequirePeer();
        app.MapGrpcService<PingsService>().RequirePeer();
        await app.StartAsync(TestContext.Current.CancellationToken);
        var hub = app.Services.GetRequiredService<ReadinessHub>();
        for (var state = hub.Current; !state.IsReady; state = await hub.WaitForChangeAsync(state.Version, TestContext.Current.CancellationToken))
        {
        }

        return new PeerService(app);
    }

    /// <summary>Ends as SIGTERM ends a service: calls are served on for the propagation delay.</summary>
    public Task StopAsync() => _app.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static Dictionary<string, string?> SettingsOf(PeerPki pki) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["ZeroTrust:Mtls:TrustDomain"] = PeerPki.Domain,
        ["ZeroTrust:Mtls:ReloadInterval"] = "00:00:00.1",
        ["ZeroTrust:Mtls:Credential:CertificateFile"] = Path.Combine(pki.Folder, "service.pem"),
        ["ZeroTrust:Mtls:Credential:KeyFile"] = Path.Combine(pki.Folder, "service.key"),
        [$"ZeroTrust:Mtls:TrustDomains:{PeerPki.Domain}:AnchorFile"] = pki.AnchorFile,
        ["ZeroTrust:Mtls:DenyListFile"] = pki.DenyListFile,
        ["ZeroTrust:Listeners:mesh:Url"] = "https://127.0.0.1:0",
        ["ZeroTrust:Listeners:mesh:Role"] = "Mesh",
        ["ZeroTrust:Listeners:mesh:Peers:0"] = PeerPki.Listed,
        ["ZeroTrust:Listeners:mesh:Peers:1"] = PeerPki.Denied,
        ["ZeroTrust:Listeners:mesh:RotationDrain"] = "00:00:00.5",
        ["ZeroTrust:HealthChecks:PropagationDelay"] = "00:00:03",
    };
}
