using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ZeroTrust.Jose;

namespace ZeroTrust.Authz.Tests;

/// <summary>A token service with one key: it signs roots for workloads and publishes its key.</summary>
internal sealed class TokenService : IDisposable
{
    internal const string Issuer = "https://tokens.example.test";

    private readonly JwsSigner _signer;
    private readonly JsonObject _jwk;

    internal TokenService(string keyId = "2026-06", ECCurve? curve = null)
    {
        var key = ECDsa.Create(curve ?? ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        _signer = JwsSigner.FromKey(key, keyId);
        _jwk = new() { ["kty"] = "EC", ["crv"] = _signer.Algorithm == JwsAlgorithms.ES256 ? "P-256" : "P-384", ["x"] = Text(point.X), ["y"] = Text(point.Y), ["kid"] = keyId };
    }

    internal TokenService(string keyId, string rsaAlgorithm, string? statedAlgorithm)
    {
        var key = RSA.Create(2048);
        var parameters = key.ExportParameters(includePrivateParameters: false);
        _signer = JwsSigner.FromKey(key, keyId, rsaAlgorithm);
        _jwk = new() { ["kty"] = "RSA", ["n"] = Text(parameters.Modulus), ["e"] = Text(parameters.Exponent), ["kid"] = keyId };
        if (statedAlgorithm is not null)
        {
            _jwk["alg"] = statedAlgorithm;
        }
    }

    internal static string Document(params IEnumerable<TokenService> services) =>
        new JsonObject { ["keys"] = new JsonArray([.. services.Select(service => service._jwk.DeepClone())]) }.ToJsonString();

    internal static JsonWebKeySet Keys(params IEnumerable<TokenService> services) =>
        JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(Document(services)), JwsAlgorithms.PS256).GetOrThrow();

    internal string Root(DateTimeOffset now, string requester = TestMesh.BillingId, Action<JsonObject>? change = null, string type = "txntoken+jwt")
    {
        var claims = Forge.RootClaims(now, requester);
        claims["iss"] = Issuer;
        change?.Invoke(claims);
        return _signer.Sign(type, Encoding.UTF8.GetBytes(claims.ToJsonString()));
    }

    public void Dispose() => _signer.Dispose();

    private static string Text(byte[]? bytes) => CanonicalBase64Url.Encode(bytes);
}
