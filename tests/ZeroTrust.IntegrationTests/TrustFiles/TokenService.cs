using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ZeroTrust.Authz;
using ZeroTrust.Jose;
using ZeroTrust.Testing;

namespace ZeroTrust.IntegrationTests.TrustFiles;

/// <summary>A token service: the key it signs with stays, and those beside it change.</summary>
internal sealed class TokenService : IDisposable
{
    public const string Issuer = "https://tokens.example.test";

    private const string KeyId = "kept";

    private readonly ECPoint _point;
    private readonly ECPoint _foreignPoint;
    private readonly JwsSigner _signer;
    private readonly JwsSigner _forger;

    public TokenService()
    {
        (_signer, _point) = NewKey();
        (_forger, _foreignPoint) = NewKey();
    }

    /// <summary>The JWK Set: the key that signs comes last.</summary>
    public byte[] Document(int others, string marker)
    {
        var keys = Enumerable.Range(1, others).Select(number => Jwk(_foreignPoint, $"other-{number}-of-{marker}"))
            .Prepend(Jwk(_foreignPoint, marker))
            .Append(Jwk(_point, KeyId));
        return Encoding.UTF8.GetBytes(new JsonObject { ["keys"] = new JsonArray([.. keys]) }.ToJsonString());
    }

    /// <summary>Adds a new root, handed on by its first holder.</summary>
    public void AddTo(HttpRequestMessage request, TestCertificate holder, bool isForged)
    {
        var root = Sign(isForged);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var link = new JsonObject
        {
            ["prv"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(root))),
            ["to"] = TrustPki.Server,
            ["scope"] = "orders:read",
            ["iat"] = now,
            ["exp"] = now + 60,
        };
        using var signer = JwsSigner.FromCertificate(holder.Certificate);
        request.Headers.Add(TxnHeaderNames.Token, root);
        request.Headers.Add(TxnHeaderNames.Chain, signer.Sign("zt-link+jwt", Encoding.UTF8.GetBytes(link.ToJsonString())));
        request.Headers.Add(
            TxnHeaderNames.Certs,
            string.Join('~', holder.IntermediatesDer.Prepend(holder.Certificate.RawDataMemory).Select(der => Base64Url.EncodeToString(der.Span))));
    }

    public void Dispose()
    {
        _signer.Dispose();
        _forger.Dispose();
    }

    private string Sign(bool isForged)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["iat"] = now,
            ["exp"] = now + 120,
            ["aud"] = TrustPki.Domain,
            ["txn"] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            ["sub"] = "idp/alice",
            ["scope"] = "orders:read",
            ["req_wl"] = TrustPki.Valid,
            ["tctx"] = new JsonObject { ["tenant_id"] = "acme" },
        };
        return (isForged ? _forger : _signer).Sign("txntoken+jwt", Encoding.UTF8.GetBytes(claims.ToJsonString()));
    }

    private static (JwsSigner Signer, ECPoint Point) NewKey()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (JwsSigner.FromKey(key, KeyId), key.ExportParameters(includePrivateParameters: false).Q);
    }

    private static JsonObject Jwk(ECPoint point, string keyId) => new()
    {
        ["kty"] = "EC",
        ["crv"] = "P-256",
        ["x"] = Base64Url.EncodeToString(point.X),
        ["y"] = Base64Url.EncodeToString(point.Y),
        ["kid"] = keyId,
    };
}
