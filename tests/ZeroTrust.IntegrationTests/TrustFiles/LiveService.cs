using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz;
using ZeroTrust.IntegrationTests.Mesh;
using ZeroTrust.Mtls;
using ZeroTrust.X509;

namespace ZeroTrust.IntegrationTests.TrustFiles;

/// <summary>A service that trusts by files alone, and its callers: those it has to serve and those it must not.</summary>
internal sealed class LiveService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LiveService(WebApplication app, TableLog log) => (_app, Log) = (app, log);

    public TableLog Log { get; }

    public IReadOnlyList<Caller> Callers { get; private set; } = [];

    public TrustBundle Bundle => Bundles.Single();

    public DenyList Denied => Bundles.Denied;

    public string OwnLeaf => _app.Services.GetRequiredService<IPeerCredentialSource>().GetCredential().Certificate.GetCertHashString(HashAlgorithmName.SHA256);

    public string? EdgeLeaf => Callers.Single(caller => caller.Name == "edge, new connections").ServerLeaf;

    public IEnumerable<string?> KeyIds => _app.Services.GetRequiredService<ITokenServiceKeySource>().GetKeys(TokenService.Issuer)!.Keys.Select(key => key.KeyId);

    private TrustBundleSet Bundles => _app.Services.GetRequiredService<ITrustBundleSource>().GetBundles();

    public static async Task<LiveService> StartAsync(TrustPki pki, IReadOnlyDictionary<string, string> files, LookClock clock, CancellationToken cancellationToken)
    {
        var log = new TableLog();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Test" });
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Information);
        builder.Configuration.AddInMemoryCollection(SettingsOf(files));
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.AddZeroTrustDefaults(zeroTrust => zeroTrust.InTestProcess());
        var app = builder.Build();
        app.UseZeroTrust();
        app.MapGet("/peer", () => "served").RequirePeer();
        app.MapGet("/context", () => "served").RequireContext();
        app.MapGet("/open", () => "served").AllowPublic("for all").OnListeners(ListenerRoles.Edge);
        await MeshHost.StartAsync(app, cancellationToken);
        var service = new LiveService(app, log);
        service.Call(pki);
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var caller in Callers)
        {
            await caller.DisposeAsync();
        }

        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static Dictionary<string, string?> SettingsOf(IReadOnlyDictionary<string, string> files) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["ZeroTrust:Mtls:TrustDomain"] = TrustPki.Domain,
        ["ZeroTrust:Mtls:ReloadInterval"] = "00:00:00.1",
        ["ZeroTrust:Mtls:Credential:CertificateFile"] = files.GetValueOrDefault("own.pem"),
        ["ZeroTrust:Mtls:Credential:KeyFile"] = files.GetValueOrDefault("own.key"),
        ["ZeroTrust:Mtls:Credential:PfxFile"] = files.GetValueOrDefault("own.p12"),
        [$"ZeroTrust:Mtls:TrustDomains:{TrustPki.Domain}:AnchorFile"] = files.GetValueOrDefault("ca.pem") ?? files["ca.p12"],
        [$"ZeroTrust:Mtls:TrustDomains:{TrustPki.Domain}:CrlFiles:0"] = files["ca.crl"],
        ["ZeroTrust:Mtls:DenyListFile"] = files["denied"],
        ["ZeroTrust:Listeners:mesh:Url"] = "https://127.0.0.1:0",
        ["ZeroTrust:Listeners:mesh:Role"] = "Mesh",
        ["ZeroTrust:Listeners:mesh:Peers:0"] = TrustPki.Valid,
        ["ZeroTrust:Listeners:mesh:Peers:1"] = TrustPki.Listed,
        ["ZeroTrust:Listeners:edge:Url"] = "https://127.0.0.1:0",
        ["ZeroTrust:Listeners:edge:Role"] = "Edge",
        ["ZeroTrust:Listeners:edge:CertificateFile"] = files["edge.pem"],
        ["ZeroTrust:Listeners:edge:KeyFile"] = files["edge.key"],
        ["ZeroTrust:Authz:TokenServices:0:Issuer"] = TokenService.Issuer,
        ["ZeroTrust:Authz:TokenServices:0:KeysFile"] = files["keys.json"],
        ["ZeroTrust:Authz:TokenServices:0:Tenants:0"] = "*",
        ["ZeroTrust:Authz:TokenServices:0:SubjectKinds:0"] = "User",
        ["ZeroTrust:Authz:TokenServices:0:Permissions:0"] = "orders:read",
        ["ZeroTrust:HealthChecks:PropagationDelay"] = "00:00:00",
    };

    private static HttpRequestMessage Get(string path) => new(HttpMethod.Get, new Uri(path, UriKind.Relative));

    private void Call(TrustPki pki)
    {
        var listeners = _app.Services.GetRequiredService<BoundListeners>();
        var (mesh, edge) = (listeners.GetEndPoint("mesh"), listeners.GetEndPoint("edge"));
        Callers =
        [
            Caller.Start("valid, kept", isValid: true, isKept: true, 1, pki.ValidPeer, pki.Root, mesh, () => Get("/peer")),
            Caller.Start("valid, new connections", isValid: true, isKept: false, 2, pki.ValidPeer, pki.Root, mesh, () => Get("/peer")),
            Caller.Start("valid token", isValid: true, isKept: true, 3, pki.ValidPeer, pki.Root, mesh, () => GetContext(isForged: false)),
            Caller.Start("edge, kept", isValid: true, isKept: true, 4, certificate: null, pki.Root, edge, () => Get("/open")),
            Caller.Start("edge, new connections", isValid: true, isKept: false, 5, certificate: null, pki.Root, edge, () => Get("/open")),
            Caller.Start("forged token", isValid: false, isKept: true, 11, pki.ValidPeer, pki.Root, mesh, () => GetContext(isForged: true)),
            Caller.Start("unknown root", isValid: false, isKept: false, 12, pki.UnknownPeer, pki.Root, mesh, () => Get("/peer")),
            Caller.Start("revoked", isValid: false, isKept: false, 13, pki.RevokedPeer, pki.Root, mesh, () => Get("/peer")),
            Caller.Start("on the deny-list", isValid: false, isKept: false, 14, pki.ListedPeer, pki.Root, mesh, () => Get("/peer")),
            Caller.Start("edge, as a peer", isValid: false, isKept: false, 15, pki.ValidPeer, pki.Root, edge, () => Get("/peer")),
        ];

        HttpRequestMessage GetContext(bool isForged)
        {
            var request = Get("/context");
            pki.Tokens.AddTo(request, pki.ValidPeer, isForged);
            return request;
        }
    }
}
