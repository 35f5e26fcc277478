using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz;
using ZeroTrust.Testing;

namespace ZeroTrust.Oidc.Tests;

/// <summary>A gateway on real Kestrel with one edge listener, and an independent client of it.</summary>
internal sealed class EdgeHost : IAsyncDisposable
{
    private readonly TestCertificateAuthority _authority;
    private readonly DirectoryInfo _folder;
    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private EdgeHost(ScriptedIssuer issuer, TestCertificateAuthority authority, DirectoryInfo folder, WebApplication app)
    {
        Issuer = issuer;
        _authority = authority;
        _folder = folder;
        _app = app;
        _client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    CustomTrustStore = { X509Certificate2.CreateFromPem(authority.AnchorPem) },
                },
            },
        })
        {
            BaseAddress = new Uri($"https://localhost:{app.Services.GetRequiredService<BoundListeners>().GetEndPoint("edge").Port}"),
        };
    }

    public ScriptedIssuer Issuer { get; }

    public FakeLogCollector Logs => _app.Services.GetFakeLogCollector();

    public static async Task<EdgeHost> StartAsync(
        Action<JwtBearerOptions>? configureScheme = null, Action<ScriptedIssuer>? script = null)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var issuer = await ScriptedIssuer.StartAsync(cancellationToken: cancellationToken);
        issuer.Audience = OidcHost.Audience;
        script?.Invoke(issuer);
        var folder = Directory.CreateTempSubdirectory();
        var authority = TestCertificateAuthority.Create();
        using var certificate = authority.Issue(leaf =>
        {
            leaf.SpiffeId = "spiffe://example.test/gateway";
            leaf.DnsNames.Add("localhost");
        });
        var (certificateFile, keyFile) = certificate.WriteTo(folder.FullName, "gateway");
        var anchorFile = Path.Combine(folder.FullName, "issuer.pem");
        await File.WriteAllTextAsync(anchorFile, issuer.AnchorPem, cancellationToken);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddFakeLogging();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ZeroTrust:Listeners:edge:Url"] = "https://127.0.0.1:0",
            ["ZeroTrust:Listeners:edge:Role"] = "Edge",
            ["ZeroTrust:Mtls:TrustDomain"] = "example.test",
            ["ZeroTrust:Mtls:Credential:CertificateFile"] = certificateFile,
            ["ZeroTrust:Mtls:Credential:KeyFile"] = keyFile,
            ["ZeroTrust:Mtls:TrustDomains:example.test:AnchorFile"] = authority.WriteAnchorTo(folder.FullName),
            ["ZeroTrust:Authz:MintGrants:0:Workload"] = "spiffe://example.test/gateway",
            ["ZeroTrust:Authz:MintGrants:0:Tenants:0"] = "acme",
            ["ZeroTrust:Authz:MintGrants:0:SubjectKinds:0"] = "User",
            ["ZeroTrust:Authz:MintGrants:0:Permissions:0"] = "orders:read",
            ["ZeroTrust:Oidc:Issuers:main:Authority"] = issuer.Authority,
            ["ZeroTrust:Oidc:Issuers:main:Audience"] = OidcHost.Audience,
            ["ZeroTrust:Oidc:Issuers:main:TrustAnchorFile"] = anchorFile,
        });
        builder.Services.AddZeroTrust().AddMtls().AddListeners().AddAuthz().AddAuthzEndpoints().AddOidc();
        if (configureScheme is not null)
        {
            builder.Services.Configure(OidcDefaults.Scheme, configureScheme);
        }

        var app = builder.Build();
        app.UseListenerGuard();
        app.UseContextHeaderStripping();
        app.UsePeerCurrency();
        app.UseRouting();
        app.UseListenerRoles();
        app.UseAuthentication();
        app.UseAuthzContext();
        app.UseAuthorization();
        app.MapGet("/orders", (HttpContext http, AuthzContext context) =>
            $"{context.Tenant} {context.Subject} [{context.Permissions}] {http.User.FindFirst("sub")?.Value}").RequirePermission("orders:read");
        app.MapGet("/public", () => "public").AllowPublic("a test");
        await app.StartAsync(cancellationToken);
        return new EdgeHost(issuer, authority, folder, app);
    }

    public string Token(Action<ScriptedToken>? edit = null) => Issuer.CreateToken(token =>
    {
        token.Claims["tenant"] = "acme";
        token.Claims["permissions"] = "orders:read orders:write";
        edit?.Invoke(token);
    });

    /// <summary>The answer: its status, and its text or, when refused, the code.</summary>
    public async Task<(HttpStatusCode Status, string Text)> GetAsync(string path, params string[] authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        Assert.True(authorization.Length == 0 || request.Headers.TryAddWithoutValidation("Authorization", authorization));
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return (response.StatusCode, text);
        }

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(text);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).ToString());
        }

        Assert.Equal(response.StatusCode == HttpStatusCode.ServiceUnavailable, response.Headers.RetryAfter is not null);
        Assert.DoesNotContain(Issuer.Authority, text, StringComparison.Ordinal);
        return (response.StatusCode, problem.RootElement.GetProperty("code").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        await Issuer.DisposeAsync();
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }
}
