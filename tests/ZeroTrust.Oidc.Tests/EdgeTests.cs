using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using ZeroTrust.Testing;

namespace ZeroTrust.Oidc.Tests;

public sealed class EdgeTests : IAsyncLifetime
{
    private EdgeHost _edge = null!;

    public async ValueTask InitializeAsync() => _edge = await EdgeHost.StartAsync();

    public ValueTask DisposeAsync() => _edge.DisposeAsync();

    [Fact]
    public async Task A_users_token_becomes_the_context_of_the_call_within_the_mint_grant() =>
        Assert.Equal((HttpStatusCode.OK, "acme main/alice [orders:read] alice"), await _edge.GetAsync("/orders", "Bearer " + _edge.Token()));

    [Fact]
    public async Task A_token_without_the_permission_is_forbidden() =>
        Assert.Equal(
            (HttpStatusCode.Forbidden, "authz.permission_missing"),
            await _edge.GetAsync("/orders", "Bearer " + _edge.Token(token => token.Claims["permissions"] = "orders:write")));

    [Fact]
    public async Task A_tenant_outside_the_mint_grant_is_refused() =>
        Assert.Equal(
            "authz.mint_tenant_not_granted",
            (await _edge.GetAsync("/orders", "Bearer " + _edge.Token(token => token.Claims["tenant"] = "globex"))).Text);

    [Theory]
    [InlineData]
    [InlineData("Basic YTpi")]
    public async Task Without_a_token_only_public_endpoints_answer(params string[] authorization)
    {
        Assert.Equal((HttpStatusCode.Unauthorized, "oidc.token_missing"), await _edge.GetAsync("/orders", authorization));
        Assert.Equal((HttpStatusCode.OK, "public"), await _edge.GetAsync("/public", authorization));
    }

    [Fact]
    public async Task An_invalid_token_is_refused_even_where_none_is_needed()
    {
        var expired = "Bearer " + _edge.Token(token => token.Claims["exp"] = 1);

        Assert.Equal((HttpStatusCode.Unauthorized, "oidc.token_expired"), await _edge.GetAsync("/public", expired));
        Assert.Equal((HttpStatusCode.Unauthorized, "oidc.token_missing"), await _edge.GetAsync("/public", "Bearer"));
        Assert.Equal((HttpStatusCode.OK, "public"), await _edge.GetAsync("/public", "Bearer " + _edge.Token()));
    }

    [Fact]
    public async Task Each_forgery_of_the_tour_is_refused_with_its_code()
    {
        var rsa = _edge.Issuer.RotateKey("RS256");
        await using var foreign = await ScriptedIssuer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        foreign.Audience = OidcHost.Audience;
        (string Code, string Token)[] forgeries =
        [
            ("oidc.issuer_unknown", foreign.CreateToken(token => token.Claims["tenant"] = "acme")),
            ("oidc.audience_mismatch", _edge.Token(token => token.Claims["aud"] = "billing")),
            ("oidc.token_expired", _edge.Token(token => token.Claims["exp"] = 1)),
            ("oidc.algorithm_refused", _edge.Token(token =>
            {
                token.Header["alg"] = "none";
                token.OmitSignature = true;
            })),
            ("oidc.algorithm_refused", _edge.Token(token =>
            {
                token.Header["alg"] = "HS256";
                token.HmacSecret = rsa.ExportPublicKey();
            })),
        ];
        foreach (var (code, token) in forgeries)
        {
            Assert.Equal((HttpStatusCode.Unauthorized, code), await _edge.GetAsync("/orders", "Bearer " + token));
        }

        Assert.Equal(HttpStatusCode.OK, (await _edge.GetAsync("/orders", "Bearer " + _edge.Token())).Status);
    }

    [Fact]
    public async Task Two_authorization_headers_are_refused_though_each_is_valid()
    {
        var token = "Bearer " + _edge.Token();

        Assert.Equal((HttpStatusCode.Unauthorized, "oidc.token_malformed"), await _edge.GetAsync("/orders", token, token));
        Assert.Equal((HttpStatusCode.Unauthorized, "oidc.token_malformed"), await _edge.GetAsync("/orders", $"{token}, {token}"));
        Assert.Equal(HttpStatusCode.OK, (await _edge.GetAsync("/orders", token)).Status);
    }

    [Fact]
    public async Task An_issuer_that_is_down_makes_the_service_unavailable_and_not_the_user_unauthorized()
    {
        await using var edge = await EdgeHost.StartAsync(script: issuer => issuer.Behavior = ScriptedIssuerBehavior.Down);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "oidc.issuer_unavailable"), await edge.GetAsync("/orders", "Bearer " + edge.Token()));
        Assert.Equal((HttpStatusCode.OK, "public"), await edge.GetAsync("/public"));
    }

    [Fact]
    public async Task A_discovery_document_of_another_issuer_makes_the_service_unavailable()
    {
        await using var edge = await EdgeHost.StartAsync(script: issuer => issuer.DocumentIssuer = "https://issuer.example");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "oidc.issuer_metadata_refused"), await edge.GetAsync("/orders", "Bearer " + edge.Token()));
    }

    [Fact]
    public async Task Settings_of_the_frameworks_scheme_cannot_weaken_it()
    {
        await using var edge = await EdgeHost.StartAsync(scheme =>
        {
            scheme.Authority = "https://issuer.example";
            scheme.TokenHandlers.Clear();
#pragma warning disable CA5404 // what is tested is that these have no effect
            scheme.TokenValidationParameters.ValidateIssuer = false;
            scheme.TokenValidationParameters.ValidateAudience = false;
            scheme.TokenValidationParameters.ValidateLifetime = false;
#pragma warning restore CA5404
            scheme.TokenValidationParameters.RequireSignedTokens = false;
            scheme.TokenValidationParameters.SignatureValidator = (token, _) => new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(token);
        });

        Assert.Equal("oidc.audience_mismatch", (await edge.GetAsync("/orders", "Bearer " + edge.Token(token => token.Claims["aud"] = "x"))).Text);
        Assert.Equal("oidc.token_expired", (await edge.GetAsync("/orders", "Bearer " + edge.Token(token => token.Claims["exp"] = 1))).Text);
        Assert.Equal(HttpStatusCode.OK, (await edge.GetAsync("/orders", "Bearer " + edge.Token())).Status);
    }

    [Fact]
    public async Task An_event_that_accepts_on_its_own_gives_no_context()
    {
        await using var edge = await EdgeHost.StartAsync(scheme => scheme.Events = new JwtBearerEvents
        {
            OnMessageReceived = received =>
            {
                received.Principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "mallory"), new Claim("tenant", "acme")], "forged"));
                received.Success();
                return Task.CompletedTask;
            },
        });

        Assert.Equal((HttpStatusCode.InternalServerError, "oidc.unspecified"), await edge.GetAsync("/orders", "Bearer x"));
    }

    [Fact]
    public async Task A_token_never_reaches_the_log()
    {
        var refused = _edge.Token(token => token.Claims["aud"] = "billing");
        var accepted = _edge.Token();
        await _edge.GetAsync("/orders", "Bearer " + refused);
        await _edge.GetAsync("/orders", "Bearer " + accepted);

        var log = string.Join('\n', _edge.Logs.GetSnapshot().Select(record => $"{record.Message} {record.Exception}"));
        Assert.Contains("oidc.audience_mismatch", log, StringComparison.Ordinal);
        Assert.All([.. refused.Split('.'), .. accepted.Split('.')], part => Assert.DoesNotContain(part, log, StringComparison.Ordinal));
    }
}
