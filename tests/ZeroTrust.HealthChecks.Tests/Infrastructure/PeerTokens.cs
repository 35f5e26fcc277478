using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ZeroTrust.Jose;
using ZeroTrust.Testing;

namespace ZeroTrust.HealthChecks.Tests.Infrastructure;

/// <summary>An issuer of users' tokens and a token service with its key file, for a <see cref="PeerService"/> whose clock can be set.</summary>
internal sealed class PeerTokens : IAsyncDisposable
{
    private const string TokenService = "https://tokens.example.test";
    private const string Audience = "service";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zt-tokens-");
    private readonly MovedTime _time;
    private readonly ScriptedIssuer _issuer;
    private JwsSigner _signer;
    private int _keys;

    private PeerTokens(ScriptedIssuer issuer, MovedTime time)
    {
        (_issuer, _time) = (issuer, time);
        _issuer.Audience = Audience;
        File.WriteAllText(AnchorFile, issuer.AnchorPem);
        _signer = NewSigner();
    }

    public IEnumerable<(string Name, string Value)> Settings =>
    [
        ("ZeroTrust__Authz__TokenServices__0__Issuer", TokenService),
        ("ZeroTrust__Authz__TokenServices__0__KeysFile", KeysFile),
        ("ZeroTrust__Authz__TokenServices__0__Tenants__0", "acme"),
        ("ZeroTrust__Authz__TokenServices__0__SubjectKinds__0", "User"),
        ("ZeroTrust__Authz__TokenServices__0__Permissions__0", "orders:read"),
        ("ZeroTrust__Authz__MintGrants__0__Workload", PeerService.Workload),
        ("ZeroTrust__Authz__MintGrants__0__Tenants__0", "acme"),
        ("ZeroTrust__Authz__MintGrants__0__SubjectKinds__0", "User"),
        ("ZeroTrust__Authz__MintGrants__0__Permissions__0", "orders:read"),
        ("ZeroTrust__Oidc__Issuers__main__Authority", _issuer.Authority),
        ("ZeroTrust__Oidc__Issuers__main__Audience", Audience),
        ("ZeroTrust__Oidc__Issuers__main__TrustAnchorFile", AnchorFile),
        ("ZeroTrust__Oidc__Issuers__main__KeyRefreshInterval", "00:00:10"),
    ];

    /// <summary>How far ahead of the machine's clock tokens are dated.</summary>
    public TimeSpan Ahead
    {
        set => _time.Ahead = value;
    }

    private string AnchorFile => Path.Combine(_folder.FullName, "issuer.pem");

    private string KeysFile => Path.Combine(_folder.FullName, "keys.json");

    public static async Task<PeerTokens> StartAsync()
    {
        // The certificate of the issuer is dated so that every step of the clock finds it valid.
        var time = new MovedTime { Ahead = TimeSpan.FromHours(-10) };
        var issuer = await ScriptedIssuer.StartAsync(time, TestContext.Current.CancellationToken);
        time.Ahead = TimeSpan.Zero;
        return new PeerTokens(issuer, time);
    }

    /// <summary>Publishes new keys and withdraws the old ones.</summary>
    public void Replace()
    {
        _issuer.RotateKey(keepPublished: false);
        _signer.Dispose();
        _signer = NewSigner();
    }

    public string User() => _issuer.CreateToken(token =>
    {
        token.Claims["tenant"] = "acme";
        token.Claims["permissions"] = "orders:read";
    });

    public string Root()
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        return _signer.Sign("txntoken+jwt", Encoding.UTF8.GetBytes(new JsonObject
        {
            ["iss"] = TokenService,
            ["iat"] = now,
            ["exp"] = now + 120,
            ["aud"] = PeerService.Domain,
            ["txn"] = Text(RandomNumberGenerator.GetBytes(16)),
            ["sub"] = "idp/alice",
            ["scope"] = "orders:read",
            ["req_wl"] = PeerService.Workload,
            ["tctx"] = new JsonObject { ["tenant_id"] = "acme" },
        }.ToJsonString()));
    }

    public async ValueTask DisposeAsync()
    {
        _signer.Dispose();
        await _issuer.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static string Text(byte[]? bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private JwsSigner NewSigner()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var signer = JwsSigner.FromKey(key, $"key-{++_keys}");
        var jwk = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Text(point.X), ["y"] = Text(point.Y), ["kid"] = $"key-{_keys}" };
        File.WriteAllText(KeysFile + ".next", new JsonObject { ["keys"] = new JsonArray(jwk) }.ToJsonString());
        File.Move(KeysFile + ".next", KeysFile, overwrite: true);
        return signer;
    }

    private sealed class MovedTime : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
    }
}
