using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.Oidc.Tokens;
using ZeroTrust.Testing;

namespace ZeroTrust.Oidc.Tests.Tokens;

public sealed class AccessTokenVerifierTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Now);
    private OidcHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await OidcHost.StartAsync(_time);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_good_token_names_tenant_subject_and_permissions()
    {
        var result = await _host.AuthenticateAsync("Bearer " + _host.Token());

        Assert.True(result.Succeeded);
        var token = Assert.IsType<AccessTokenIdentity>(result.Principal.Identity).Token;
        Assert.Equal("acme", token.Tenant.ToString());
        Assert.Equal("main/alice", token.Subject.ToString());
        Assert.Equal("orders:read orders:write", token.Permissions.ToString());
        Assert.Equal(Now.AddSeconds(300), token.ExpiresAt);
        Assert.Equal(Now.AddSeconds(300), result.Properties.ExpiresUtc);
    }

    [Fact]
    public async Task Claims_keep_their_names_and_the_token_is_not_kept()
    {
        var result = await _host.AuthenticateAsync("Bearer " + _host.Token(token => token.Claims["roles"] = new JsonArray("clerk", "auditor")));

        Assert.True(result.Succeeded);
        Assert.Equal("alice", result.Principal.FindFirstValue("sub"));
        Assert.Null(result.Principal.FindFirst(ClaimTypes.NameIdentifier));
        Assert.True(result.Principal.IsInRole("auditor"));
        Assert.DoesNotContain(result.Properties.Items, item => item.Key.Contains("token", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_proof_survives_a_cloned_principal()
    {
        var result = await _host.AuthenticateAsync("Bearer " + _host.Token());

        Assert.IsType<AccessTokenIdentity>(result.Principal!.Clone().Identity);
    }

    [Theory]
    [InlineData("https://evil.test/\n[INF] forged\u001b", @"https://evil.test/\u000a[INF] forged\u001b")]
    [InlineData("https://evil.test/ümlaut?a='b'", "https://evil.test/ümlaut?a='b'")]
    public async Task A_claim_of_a_stranger_stands_in_the_refusal_on_one_line(string issuer, string presented)
    {
        var result = await _host.AuthenticateAsync("Bearer " + _host.Token(token => token.Claims["iss"] = issuer));

        Assert.Equal(presented, Assert.IsType<RejectionException>(result.Failure).Rejection.Presented);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public async Task Each_default_algorithm_is_accepted(string algorithm)
    {
        _host.Issuer.RotateKey(algorithm);

        Assert.Equal(OidcHost.Accepted, await _host.JudgeAsync(_host.Token()));
    }

    [Theory]
    [InlineData("at+jwt", OidcHost.Accepted)]
    [InlineData("AT+JWT", OidcHost.Accepted)]
    [InlineData("application/at+jwt", OidcHost.Accepted)]
    [InlineData("Application/At+Jwt", OidcHost.Accepted)]
    [InlineData("JWT", "oidc.token_type_refused")]
    [InlineData("at+jwt ", "oidc.token_type_refused")]
    [InlineData("txntoken+jwt", "oidc.token_type_refused")]
    [InlineData(null, "oidc.token_type_refused")]
    public async Task The_type_is_that_of_an_access_token(string? type, string expected)
    {
        var token = _host.Token(token =>
        {
            token.Header.Remove("typ");
            if (type is not null)
            {
                token.Header["typ"] = type;
            }
        });

        Assert.Equal(expected, await _host.JudgeAsync(token));
    }

    [Theory]
    [InlineData("""{"x5t#S256":"A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0"}""")]
    [InlineData("""{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}""")]
    [InlineData("""{"jwk":{"kty":"EC"}}""")]
    [InlineData("""{"kid":"7"}""")]
    [InlineData("""{"a member of tomorrow":1}""")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    public async Task A_token_bound_to_a_key_is_refused_whatever_binds_it(string confirmation)
    {
        Assert.Equal("oidc.token_sender_constrained", await _host.JudgeAsync(_host.Token(token => token.Claims["cnf"] = JsonNode.Parse(confirmation))));
        Assert.Equal(OidcHost.Accepted, await _host.JudgeAsync(_host.Token()));
    }

    [Fact]
    public async Task A_member_elsewhere_named_like_the_confirmation_binds_nothing() => Assert.Equal(
        OidcHost.Accepted,
        await _host.JudgeAsync(_host.Token(token => token.Claims["account"] = new JsonObject { ["cnf"] = "x" })));

    [Fact]
    public async Task An_unsigned_token_is_refused()
    {
        var token = _host.Token(token =>
        {
            token.Header["alg"] = "none";
            token.OmitSignature = true;
        });

        Assert.Equal("oidc.algorithm_refused", await _host.JudgeAsync(token));
    }

    [Fact]
    public async Task Alg_none_with_a_signature_is_refused() =>
        Assert.Equal("oidc.algorithm_refused", await _host.JudgeAsync(_host.Token(token => token.Header["alg"] = "none")));

    [Fact]
    public async Task An_hmac_keyed_with_the_public_key_is_refused()
    {
        var rsa = _host.Issuer.RotateKey("RS256");
        Assert.Equal(OidcHost.Accepted, await _host.JudgeAsync(_host.Token()));

        var token = _host.Token(token =>
        {
            token.Header["alg"] = "HS256";
            token.HmacSecret = rsa.ExportPublicKey();
        });

        Assert.Equal("oidc.algorithm_refused", await _host.JudgeAsync(token));
    }

    [Fact]
    public async Task An_hmac_that_claims_the_keys_own_algorithm_does_not_verify()
    {
        var token = _host.Token(token => token.HmacSecret = token.Key.ExportPublicKey());

        Assert.Equal("oidc.signature_invalid", await _host.JudgeAsync(token));
    }

    [Fact]
    public async Task The_algorithm_belongs_to_the_key()
    {
        _host.Issuer.RotateKey("RS256");

        Assert.Equal("oidc.algorithm_refused", await _host.JudgeAsync(_host.Token(token => token.Header["alg"] = "PS256")));
    }

    [Fact]
    public async Task An_algorithm_the_issuer_may_not_use_is_refused()
    {
        await using var strict = await OidcHost.StartAsync(_time, issuer => issuer.Algorithms = ["ES256"]);
        Assert.Equal(OidcHost.Accepted, await strict.JudgeAsync(strict.Token()));

        strict.Issuer.RotateKey("RS256");

        Assert.Equal("oidc.algorithm_refused", await strict.JudgeAsync(strict.Token()));
    }

    [Fact]
    public async Task A_short_rsa_key_is_not_a_key()
    {
        _host.Issuer.RotateKey("RS256", rsaKeySize: 1024);

        Assert.Equal("oidc.key_unknown", await _host.JudgeAsync(_host.Token()));
    }

    [Fact]
    public async Task A_signature_by_another_key_is_refused()
    {
        using var other = ScriptedSigningKey.Create();

        Assert.Equal("oidc.signature_invalid", await _host.JudgeAsync(_host.Token(token => token.Key = other)));
    }

    [Fact]
    public async Task A_changed_payload_is_refused()
    {
        var parts = _host.Token().Split('.');
        var other = _host.Token(token => token.Claims["sub"] = "mallory").Split('.');

        Assert.Equal("oidc.signature_invalid", await _host.JudgeAsync($"{parts[0]}.{other[1]}.{parts[2]}"));
    }

    [Fact]
    public async Task A_token_without_a_key_id_is_refused() =>
        Assert.Equal("oidc.key_unknown", await _host.JudgeAsync(_host.Token(token => token.Header.Remove("kid"))));

    [Fact]
    public async Task Another_issuer_is_refused() =>
        Assert.Equal("oidc.issuer_unknown", await _host.JudgeAsync(_host.Token(token => token.Claims["iss"] = "https://issuer.example")));

    [Fact]
    public async Task The_issuer_is_compared_as_it_spells_itself()
    {
        Assert.Equal("oidc.issuer_unknown", await _host.JudgeAsync(_host.Token(token => token.Claims["iss"] = _host.Issuer.Authority + "/")));

        await using var slashed = await OidcHost.StartAsync(_time);
        slashed.Issuer.Issuer = slashed.Issuer.Authority + "/";

        Assert.Equal(OidcHost.Accepted, await slashed.JudgeAsync(slashed.Token()));
        Assert.Equal("oidc.issuer_unknown", await slashed.JudgeAsync(slashed.Token(token => token.Claims["iss"] = slashed.Issuer.Authority)));
    }

    [Fact]
    public async Task One_issuers_key_never_verifies_anothers_token()
    {
        await using var second = await ScriptedIssuer.StartAsync(_time, TestContext.Current.CancellationToken);
        second.Audience = OidcHost.Audience;
        using var anchor = new TemporaryFile(second.AnchorPem);
        await using var both = await OidcHost.StartAsync(_time, configureAll: options => options.Issuers["second"] =
            new OidcIssuerOptions { Authority = second.Authority, Audience = OidcHost.Audience, TrustAnchorFile = anchor.Path });

        // Both publish a key by one id; only the one of the token's own issuer counts.
        second.SigningKey.KeyId = both.Issuer.SigningKey.KeyId;

        Assert.Equal(OidcHost.Accepted, await both.JudgeAsync(both.Token()));
        Assert.Equal(OidcHost.Accepted, await both.JudgeAsync(second.CreateToken(token => token.Claims["tenant"] = "acme")));
        Assert.Equal("oidc.signature_invalid", await both.JudgeAsync(both.Token(token => token.Key = second.SigningKey)));
    }

    [Theory]
    [InlineData("\"gateway\"", OidcHost.Accepted)]
    [InlineData("[\"other\",\"gateway\"]", OidcHost.Accepted)]
    [InlineData("\"gateway/\"", "oidc.audience_mismatch")]
    [InlineData("\"Gateway\"", "oidc.audience_mismatch")]
    [InlineData("[\"other\"]", "oidc.audience_mismatch")]
    [InlineData("[]", "oidc.audience_mismatch")]
    [InlineData("{\"gateway\":1}", "oidc.audience_mismatch")]
    public async Task The_audience_names_this_service_exactly(string audience, string expected) =>
        Assert.Equal(expected, await _host.JudgeAsync(_host.Token(token => token.Claims["aud"] = JsonNode.Parse(audience))));

    [Theory]
    [InlineData(-4, OidcHost.Accepted)]
    [InlineData(-5, "oidc.token_expired")]
    public async Task Expiry_allows_less_than_the_clock_skew(int seconds, string expected) =>
        Assert.Equal(expected, await _host.JudgeAsync(_host.Token(token => token.Claims["exp"] = Now.AddSeconds(seconds).ToUnixTimeSeconds())));

    [Theory]
    [InlineData("nbf", 5, OidcHost.Accepted)]
    [InlineData("nbf", 6, "oidc.token_not_yet_valid")]
    [InlineData("iat", 5, OidcHost.Accepted)]
    [InlineData("iat", 6, "oidc.token_not_yet_valid")]
    public async Task The_start_allows_exactly_the_clock_skew(string claim, int seconds, string expected) =>
        Assert.Equal(expected, await _host.JudgeAsync(_host.Token(token => token.Claims[claim] = Now.AddSeconds(seconds).ToUnixTimeSeconds())));

    [Theory]
    [InlineData("exp", "\"4102444800\"")]
    [InlineData("exp", "-1")]
    [InlineData("exp", "1e300")]
    [InlineData("nbf", "\"0\"")]
    [InlineData("iat", "null")]
    public async Task A_time_that_is_no_numeric_date_is_refused(string claim, string value) =>
        Assert.Equal("oidc.token_malformed", await _host.JudgeAsync(_host.Token(token => token.Claims[claim] = JsonNode.Parse(value))));

    [Fact]
    public async Task A_fractional_expiry_is_a_numeric_date() =>
        Assert.Equal(OidcHost.Accepted, await _host.JudgeAsync(_host.Token(token => token.Claims["exp"] = Now.ToUnixTimeSeconds() + 0.5)));

    [Theory]
    [InlineData("iss")]
    [InlineData("aud")]
    [InlineData("exp")]
    [InlineData("sub")]
    [InlineData("tenant")]
    public async Task A_token_without_a_required_claim_is_refused(string claim) =>
        Assert.Equal("oidc.claim_missing", await _host.JudgeAsync(_host.Token(token => token.Claims.Remove(claim))));

    [Theory]
    [InlineData("tenant", "\"\"")]
    [InlineData("tenant", "\"Acme\"")]
    [InlineData("tenant", "\"acme globex\"")]
    [InlineData("tenant", "[\"acme\"]")]
    [InlineData("sub", "\"\\u0430lice\"")]
    [InlineData("sub", "17")]
    [InlineData("permissions", "17")]
    [InlineData("permissions", "null")]
    [InlineData("permissions", "\"orders:read  orders:write\"")]
    [InlineData("permissions", "[\"orders:read orders:write\"]")]
    [InlineData("permissions", "[\"orders:read\", 1]")]
    [InlineData("permissions", "\"*\"")]
    public async Task A_claim_of_another_form_is_refused(string claim, string value) =>
        Assert.Equal("oidc.claim_invalid", await _host.JudgeAsync(_host.Token(token => token.Claims[claim] = JsonNode.Parse(value))));

    [Theory]
    [InlineData("\"b:x a:x\"", "a:x b:x")]
    [InlineData("[\"b:x\",\"a:x\"]", "a:x b:x")]
    [InlineData("\"\"", "")]
    [InlineData("[]", "")]
    [InlineData(null, "")]
    public async Task Permissions_are_text_or_an_array_and_absent_means_none(string? value, string expected)
    {
        var result = await _host.AuthenticateAsync("Bearer " + _host.Token(token =>
        {
            token.Claims.Remove("permissions");
            if (value is not null)
            {
                token.Claims["permissions"] = JsonNode.Parse(value);
            }
        }));

        Assert.Equal(expected, Assert.IsType<AccessTokenIdentity>(result.Principal!.Identity).Token.Permissions.ToString());
    }

    [Fact]
    public async Task A_repeated_member_is_refused()
    {
        var claims = "";
        var good = _host.Token(token => claims = token.Claims.ToJsonString());
        Assert.Equal(OidcHost.Accepted, await _host.JudgeAsync(good));

        var twoTenants = claims.Insert(1, "\"tenant\":\"globex\",");

        Assert.Equal("oidc.token_malformed", await _host.JudgeAsync(_host.Token(token => token.RawClaims = twoTenants)));
    }

    [Fact]
    public async Task A_critical_extension_is_refused() =>
        Assert.Equal("oidc.token_malformed", await _host.JudgeAsync(_host.Token(token => token.Header["crit"] = new JsonArray("exp"))));

    [Fact]
    public async Task A_token_that_brings_its_key_is_refused() =>
        Assert.Equal("oidc.token_malformed", await _host.JudgeAsync(_host.Token(token => token.Header["jwk"] = token.Key.ToJsonWebKey())));

    [Fact]
    public async Task A_thumbprint_beside_the_key_id_is_accepted() =>
        Assert.Equal(OidcHost.Accepted, await _host.JudgeAsync(_host.Token(token => token.Header["x5t"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAA")));

    [Theory]
    [InlineData("x")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("....")]
    [InlineData("e30.e30.e30")]
    public async Task What_is_no_token_is_refused(string token) =>
        Assert.Equal(token.EndsWith('.') ? "oidc.algorithm_refused" : "oidc.token_malformed", await _host.JudgeAsync(token));

    [Fact]
    public async Task An_oversized_token_is_refused()
    {
        Assert.Equal(OidcHost.Accepted, await _host.JudgeAsync(_host.Token(token => token.Claims["note"] = new string('x', 4000))));
        Assert.Equal("oidc.token_malformed", await _host.JudgeAsync(_host.Token(token => token.Claims["note"] = new string('x', 8000))));
    }

    [Fact]
    public async Task Refused_before_its_key_is_known_a_token_causes_no_fetch()
    {
        await _host.JudgeAsync(_host.Token(token => token.Header["typ"] = "JWT"));
        await _host.JudgeAsync(_host.Token(token => token.Header["alg"] = "HS256"));
        await _host.JudgeAsync(_host.Token(token => token.Claims["iss"] = "https://issuer.example"));
        Assert.Equal(0, _host.Issuer.DiscoveryRequests);

        await _host.JudgeAsync(_host.Token());
        Assert.Equal(1, _host.Issuer.DiscoveryRequests);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer ")]
    [InlineData("Basic YTpi")]
    public async Task Without_a_bearer_token_there_is_no_result(string? authorization) =>
        Assert.True((await _host.AuthenticateAsync(authorization)).None);
}
