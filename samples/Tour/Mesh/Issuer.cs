using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using ZeroTrust.Samples.Tour.Attack;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace ZeroTrust.Samples.Tour.Mesh;

/// <summary>
/// The users' OpenID Connect issuer: OpenIddict without stores, with real discovery, JWKS and token endpoints over https.
/// </summary>
internal sealed class Issuer : IAsyncDisposable
{
    public const string Audience = "zerotrust-samples";
    public const string KeyId = "tour-1";

    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private Issuer(WebApplication app, string authority, ECDsa key, HttpClient client)
    {
        _app = app;
        _client = client;
        Authority = authority;
        Key = key;
    }

    /// <summary>The issuer identifier, as in the tokens' <c>iss</c>.</summary>
    public string Authority { get; }

    /// <summary>The signing key. The Tour holds it because it runs the issuer; an attacker has only the public half.</summary>
    public ECDsa Key { get; }

    public static async Task<Issuer> StartAsync(
        int port, Identity identity, HttpClient client, CancellationToken cancellationToken)
    {
        var authority = $"https://localhost:{port}/";
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listener =>
        {
            listener.Protocols = HttpProtocols.Http1;
            listener.UseHttps(https =>
            {
                https.ServerCertificate = identity.Certificate;
                https.ServerCertificateChain = identity.Intermediates;
            });
        }));
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.EnableDegradedMode();
            server.SetIssuer(new Uri(authority));
            server.SetTokenEndpointUris("connect/token");
            server.AllowClientCredentialsFlow();
            server.DisableAccessTokenEncryption();
            server.AddEphemeralEncryptionKey();
            server.AddSigningKey(new ECDsaSecurityKey(key) { KeyId = KeyId });
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(Authenticate));
            server.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseInlineHandler(SignIn));
            server.UseAspNetCore();
        });
        var app = builder.Build();
        await app.StartAsync(cancellationToken);
        return new Issuer(app, authority, key, client);
    }

    /// <summary>An access token, got the way any client gets one: discovery, then the token endpoint.</summary>
    public async Task<string> GetTokenAsync(User user, CancellationToken cancellationToken)
    {
        var discovery = await _client.GetFromJsonAsync<JsonElement>(
            new Uri(Authority + ".well-known/openid-configuration"), cancellationToken);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = GrantTypes.ClientCredentials,
            ["client_id"] = user.Name,
            ["client_secret"] = user.Secret,
        });
        using var response = await _client.PostAsync(
            new Uri(discovery.GetProperty("token_endpoint").GetString()!), form, cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return answer.TryGetProperty("access_token", out var token)
            ? token.GetString()!
            : throw new TourException($"The issuer gave {user.Name} no token: {answer}");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Key.Dispose();
    }

    private static ValueTask Authenticate(ValidateTokenRequestContext context)
    {
        var user = Find(context.ClientId);
        if (user is null || !CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(user.Secret), Encoding.UTF8.GetBytes(context.ClientSecret ?? "")))
        {
            context.Reject(Errors.InvalidClient, "Unknown client or wrong secret.");
        }

        return ValueTask.CompletedTask;
    }

    private static ValueTask SignIn(HandleTokenRequestContext context)
    {
        var user = Find(context.ClientId)!;
        var identity = new ClaimsIdentity("tour", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, user.Name);
        identity.SetClaim("tenant", user.Tenant);
        identity.SetClaim("permissions", user.Permissions);
        identity.SetDestinations(static _ => [Destinations.AccessToken]);
        var principal = new ClaimsPrincipal(identity);
        principal.SetResources(Audience);
        context.SignIn(principal);
        return ValueTask.CompletedTask;
    }

    private static User? Find(string? name) => User.All.FirstOrDefault(user => user.Name == name);
}
