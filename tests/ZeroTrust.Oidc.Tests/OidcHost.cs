using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Testing;

namespace ZeroTrust.Oidc.Tests;

/// <summary>The package as a service registers it, with one scripted issuer named <c>main</c> that is really reached over https.</summary>
internal sealed class OidcHost : IAsyncDisposable
{
    public const string Audience = "gateway";
    public const string Accepted = "accepted";

    private readonly TemporaryFile _anchor;

    private OidcHost(ScriptedIssuer issuer, TemporaryFile anchor, ServiceProvider services)
    {
        Issuer = issuer;
        _anchor = anchor;
        Services = services;
    }

    public ScriptedIssuer Issuer { get; }

    public ServiceProvider Services { get; }

    public IIssuerKeySource Keys => Services.GetRequiredService<IIssuerKeySource>();

    public static async Task<OidcHost> StartAsync(
        TimeProvider? timeProvider = null, Action<OidcIssuerOptions>? configure = null, Action<OidcOptions>? configureAll = null,
        Action<IServiceCollection>? configureServices = null)
    {
        timeProvider ??= TimeProvider.System;
        var issuer = await ScriptedIssuer.StartAsync(timeProvider, TestContext.Current.CancellationToken);
        issuer.Audience = Audience;
        var anchor = new TemporaryFile(issuer.AnchorPem);

        var settings = new OidcIssuerOptions { Authority = issuer.Authority, Audience = Audience, TrustAnchorFile = anchor.Path };
        configure?.Invoke(settings);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton(timeProvider);
        services.AddZeroTrust().AddOidc(options =>
        {
            options.Issuers["main"] = settings;
            configureAll?.Invoke(options);
        });
        configureServices?.Invoke(services);
        return new OidcHost(issuer, anchor, services.BuildServiceProvider());
    }

    /// <summary>A token that is accepted unless the edit spoils it.</summary>
    public string Token(Action<ScriptedToken>? edit = null) => Issuer.CreateToken(token =>
    {
        token.Claims["tenant"] = "acme";
        token.Claims["permissions"] = "orders:read orders:write";
        edit?.Invoke(token);
    });

    public async Task<AuthenticateResult> AuthenticateAsync(string? authorization)
    {
        using var scope = Services.CreateScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        if (authorization is not null)
        {
            context.Request.Headers.Authorization = authorization;
        }

        return await context.AuthenticateAsync(OidcDefaults.Scheme);
    }

    /// <summary><see cref="Accepted"/>, or the code of the refusal.</summary>
    public async Task<string> JudgeAsync(string token)
    {
        var result = await AuthenticateAsync("Bearer " + token);
        return result.Succeeded ? Accepted : Assert.IsType<RejectionException>(result.Failure).Rejection.Code;
    }

    public async Task<Rejection?> AskForKeysAsync(string? keyId = null) =>
        (await Keys.GetKeysAsync("main", keyId, TestContext.Current.CancellationToken)).Rejection;

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        await Issuer.DisposeAsync();
        _anchor.Dispose();
    }
}
