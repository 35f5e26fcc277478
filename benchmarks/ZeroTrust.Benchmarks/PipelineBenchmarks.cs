using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using ZeroTrust.Authz;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;

namespace ZeroTrust.Benchmarks;

/// <summary>
/// A whole call in memory: nobody asked who calls; the platform's bearer tokens; ours with peer, context, tenant and permission. What counts is what each
/// adds to the first.
/// </summary>
[MemoryDiagnoser]
public class PipelineBenchmarks
{
    private const string Orders = "spiffe://example.test/orders";
    private const string Gateway = "spiffe://example.test/gateway";
    private const string Issuer = "https://login.example.test/";

    private readonly List<IDisposable> _disposables = [];
    private readonly HttpClient[] _clients = new HttpClient[3];
    private WebApplication? _open;
    private WebApplication? _bearer;
    private WebApplication? _ours;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _open = await StartAsync(NewBuilder(), static _ => { }).ConfigureAwait(false);
        _clients[0] = _open.GetTestServer().CreateClient();
        await StartBearerAsync().ConfigureAwait(false);
        await StartOursAsync().ConfigureAwait(false);
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        foreach (var app in (WebApplication[])[_open!, _bearer!, _ours!])
        {
            await app.DisposeAsync().ConfigureAwait(false);
        }

        _disposables.ForEach(item => item.Dispose());
    }

    [Benchmark(Baseline = true, Description = "no authentication")]
    public Task OpenAsync() => CallAsync(_clients[0]);

    [Benchmark(Description = "JwtBearer, ES256, authenticated user")]
    public Task BearerAsync() => CallAsync(_clients[1]);

    [Benchmark(Description = "UseZeroTrust(), peer and context")]
    public Task OursAsync() => CallAsync(_clients[2]);

    private static async Task CallAsync(HttpClient client)
    {
        using var response = await client.GetAsync(new Uri("/orders", UriKind.Relative)).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
    }

    private static WebApplicationBuilder NewBuilder()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Testing" });
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        return builder;
    }

    private static async Task<WebApplication> StartAsync(WebApplicationBuilder builder, Action<RouteHandlerBuilder> decide, Action<WebApplication>? use = null)
    {
        var app = builder.Build();
        use?.Invoke(app);
        decide(app.MapGet("/orders", () => "ok"));
        await app.StartAsync().ConfigureAwait(false);
        return app;
    }

    private async Task StartBearerAsync()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _disposables.Add(key);
        var security = new ECDsaSecurityKey(key) { KeyId = "1" };
        var builder = NewBuilder();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.TokenValidationParameters.ValidIssuer = Issuer;
            options.TokenValidationParameters.ValidAudience = "orders";
            options.TokenValidationParameters.IssuerSigningKey = security;
        });
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        _bearer = await StartAsync(builder, static _ => { }, static app => app.UseAuthentication().UseAuthorization()).ConfigureAwait(false);
        _clients[1] = _bearer.GetTestServer().CreateClient();
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = "orders",
            Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["sub"] = "alice", ["scope"] = "orders:read", ["tenant"] = "acme" },
            Expires = TimeProvider.System.GetUtcNow().AddHours(1).UtcDateTime,
            SigningCredentials = new SigningCredentials(security, SecurityAlgorithms.EcdsaSha256),
        });
        _clients[1].DefaultRequestHeaders.Authorization = new("Bearer", token);
    }

    private async Task StartOursAsync()
    {
        var time = new FrozenTime();
        var peers = new TestPeers(Orders, time);
        _disposables.Add(peers);
        var gateway = peers.Authority.Issue(Gateway);
        _disposables.Add(gateway);
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ZeroTrust:Mtls:TrustDomain"] = "example.test",
            ["ZeroTrust:Authz:MintGrants:0:Workload"] = Gateway,
            ["ZeroTrust:Authz:MintGrants:0:Tenants:0"] = "acme",
            ["ZeroTrust:Authz:MintGrants:0:SubjectKinds:0"] = "User",
            ["ZeroTrust:Authz:MintGrants:0:Permissions:0"] = "orders:read",
        };
        var builder = NewBuilder();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.AddZeroTrustDefaults();
        builder.WebHost.UseTestPeer(peers);
        _ours = await StartAsync(builder, static endpoint => endpoint.RequirePermission("orders:read"), static app => app.UseZeroTrust()).ConfigureAwait(false);
        var handler = peers.As(gateway);
        handler.InnerHandler = _ours.GetTestServer().CreateHandler();
        _clients[2] = new HttpClient(handler) { BaseAddress = new Uri("https://localhost") };
        var headers = Send(gateway, peers, settings, time);
        _clients[2].DefaultRequestHeaders.TryAddWithoutValidation(TxnHeaderNames.Token, headers.Token);
        _clients[2].DefaultRequestHeaders.TryAddWithoutValidation(TxnHeaderNames.Chain, headers.Chain);
        _clients[2].DefaultRequestHeaders.TryAddWithoutValidation(TxnHeaderNames.Certs, headers.Certs);

        // Readiness is polled after the start.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await _clients[2].GetAsync(new Uri("/orders", UriKind.Relative), deadline.Token).ConfigureAwait(false)).StatusCode != System.Net.HttpStatusCode.OK)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), deadline.Token).ConfigureAwait(false);
        }
    }

    private TxnHeaders Send(TestCertificate gateway, TestPeers peers, Dictionary<string, string?> settings, TimeProvider time)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddSingleton(time);
        services.AddSingleton<IPeerCredentialSource>(new MemoryPeerCredentialSource(gateway.ToCredential()));
        services.AddSingleton<ITrustBundleSource>(peers.Bundles);
        services.AddZeroTrust().AddMtls().AddAuthz();
        var provider = services.BuildServiceProvider();
        _disposables.Add(provider);
        var context = provider.GetRequiredService<AuthzContextMinter>()
            .Mint(TenantId.Parse("acme"), SubjectId.Parse("main/alice"), PermissionSet.Parse("orders:read")).GetOrThrow();
        return provider.GetRequiredService<AuthzContextLinker>().Link(context, WorkloadId.Parse(Orders)).GetOrThrow();
    }
}
