using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.AspNetCore;
using ZeroTrust.Testing;

namespace ZeroTrust.Authz.Tests.Mesh;

/// <summary>The service under test, "orders": real Kestrel with a listener of each role, and certificates of its own authority.</summary>
internal sealed class MeshHost : IAsyncDisposable
{
    public const string Gateway = "spiffe://example.test/gateway";
    public const string Billing = "spiffe://example.test/billing";
    public const string Orders = "spiffe://example.test/orders";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zt-authz-host-");
    private readonly TestCertificateAuthority _authority;
    private readonly List<IAsyncDisposable> _senders = [];
    private WebApplication? _app;

    private MeshHost() => _authority = TestCertificateAuthority.Create("mesh ca", Clock);

    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    public FakeLogCollector Logs { get; } = new();

    public IServiceProvider Services => _app!.Services;

    /// <summary>Builds, maps and starts the service; the pipeline is the packages' own order.</summary>
    public static async Task<MeshHost> StartAsync(
        Action<WebApplication> map,
        Action<WebApplicationBuilder>? configure = null,
        Action<WebApplication>? pipeline = null,
        Action<WebApplicationBuilder>? configureFirst = null)
    {
        var host = new MeshHost();
        try
        {
            await host.RunAsync(map, configure, pipeline ?? UsePackages, configureFirst);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public static void UsePackages(WebApplication app)
    {
        app.UseListenerGuard();
        app.UseContextHeaderStripping();
        app.UsePeerCurrency();
        app.UseRouting();
        app.UseListenerRoles();
        app.UseAuthzContext();
        app.UseAuthorization();
    }

    public IPEndPoint EndPointOf(string listener) => Services.GetRequiredService<BoundListeners>().GetEndPoint(listener);

    /// <summary>A peer with its own certificate and signing key, made of the real packages.</summary>
    public MeshPeer Peer(string workload)
    {
        var peer = new MeshPeer(this, workload, Configuration(workload));
        _senders.Add(peer);
        return peer;
    }

    /// <summary>A plain client: it proves who it is when given a certificate, and asks little of the server.</summary>
    public HttpClient Client(string listener, X509Certificate2? certificate = null) =>
        new(Handler(certificate)) { BaseAddress = new Uri($"{(listener == "probe" ? "http" : "https")}://{EndPointOf(listener)}") };

    public SocketsHttpHandler Handler(X509Certificate2? certificate) => new()
    {
        UseProxy = false,
        UseCookies = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
            RemoteCertificateValidationCallback = (_, server, _, _) => server?.Issuer == _authority.Certificate.Subject,
        },
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var sender in _senders)
        {
            await sender.DisposeAsync();
        }

        if (_app is not null)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await _app.StopAsync(deadline.Token);
            await _app.DisposeAsync();
        }

        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    public TestCertificate Issue(string workload) => _authority.Issue(workload);

    private async Task RunAsync(
        Action<WebApplication> map, Action<WebApplicationBuilder>? configure, Action<WebApplication> pipeline,
        Action<WebApplicationBuilder>? configureFirst)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(Configuration(Orders));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ZeroTrust:Listeners:edge:Url"] = "https://127.0.0.1:0",
            ["ZeroTrust:Listeners:edge:Role"] = "Edge",
            ["ZeroTrust:Listeners:mesh:Url"] = "https://127.0.0.1:0",
            ["ZeroTrust:Listeners:mesh:Role"] = "Mesh",
            ["ZeroTrust:Listeners:mesh:Peers:0"] = Gateway,
            ["ZeroTrust:Listeners:mesh:Peers:1"] = Billing,
            ["ZeroTrust:Listeners:management:Url"] = "https://127.0.0.1:0",
            ["ZeroTrust:Listeners:management:Role"] = "Management",
            ["ZeroTrust:Listeners:management:Peers:0"] = Gateway,
            ["ZeroTrust:Listeners:probe:Url"] = "http://127.0.0.1:0",
            ["ZeroTrust:Listeners:probe:Role"] = "Probe",
            ["ZeroTrust:Listeners:probe:Protocols"] = "Http1",
        });
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(new FakeLoggerProvider(Logs));
        builder.Services.AddSingleton<TimeProvider>(Clock);
        configureFirst?.Invoke(builder);
        builder.Services.AddZeroTrust().AddMtls().AddListeners().AddAuthz().AddAuthzEndpoints();
        configure?.Invoke(builder);
        _app = builder.Build();
        pipeline(_app);
        map(_app);
        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    private Dictionary<string, string?> Configuration(string workload)
    {
        using var certificate = Issue(workload);
        var (certificateFile, keyFile) = certificate.WriteTo(_folder.FullName, workload.Split('/')[^1]);
        return new(StringComparer.Ordinal)
        {
            ["ZeroTrust:Mtls:TrustDomain"] = "example.test",
            ["ZeroTrust:Mtls:Credential:CertificateFile"] = certificateFile,
            ["ZeroTrust:Mtls:Credential:KeyFile"] = keyFile,
            ["ZeroTrust:Mtls:TrustDomains:example.test:AnchorFile"] = _authority.WriteAnchorTo(_folder.FullName),
            ["ZeroTrust:Authz:MintGrants:0:Workload"] = Gateway,
            ["ZeroTrust:Authz:MintGrants:0:Tenants:0"] = "*",
            ["ZeroTrust:Authz:MintGrants:0:SubjectKinds:0"] = "User",
            ["ZeroTrust:Authz:MintGrants:0:Permissions:0"] = "orders:read",
            ["ZeroTrust:Authz:MintGrants:0:Permissions:1"] = "orders:write",
        };
    }
}
