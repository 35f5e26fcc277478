using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace ZeroTrust.Testing;

/// <summary>A freshly generated key of a <see cref="ScriptedIssuer"/>: signs tokens and describes itself as a JWK (RFC 7517).</summary>
public sealed class ScriptedSigningKey : IDisposable
{
    private const int KeyIdBytes = 12;

    private readonly AsymmetricAlgorithm _key;

    private ScriptedSigningKey(string algorithm, AsymmetricAlgorithm key)
    {
        _key = key;
        Algorithm = algorithm;
        KeyId = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyIdBytes));
    }

    /// <summary>The JWS algorithm (RFC 7518 section 3.1): <c>ES256</c>, <c>RS256</c> or <c>PS256</c>.</summary>
    public string Algorithm { get; }

    /// <summary>The <c>kid</c>; random, and settable so that a test can make two keys share one.</summary>
    public string KeyId { get; set; }

    /// <summary>Generates a key.</summary>
    /// <param name="algorithm"><c>ES256</c>, <c>RS256</c> or <c>PS256</c>.</param>
    /// <param name="rsaKeySize">The size of an RSA key, in bits.</param>
    /// <exception cref="ArgumentException"><paramref name="algorithm"/> is another one.</exception>
    public static ScriptedSigningKey Create(string algorithm = "ES256", int rsaKeySize = 2048) => algorithm switch
    {
        "ES256" => new ScriptedSigningKey(algorithm, ECDsa.Create(ECCurve.NamedCurves.nistP256)),
        "RS256" or "PS256" => new ScriptedSigningKey(algorithm, CreateRsa(rsaKeySize)),
        _ => throw new ArgumentException("ES256, RS256 or PS256.", nameof(algorithm)),
    };

    /// <summary>Signs bytes as the algorithm says.</summary>
    /// <param name="data">The JWS signing input.</param>
    public byte[] Sign(ReadOnlySpan<byte> data) => _key switch
    {
        ECDsa ecdsa => ecdsa.SignData(data, HashAlgorithmName.SHA256),
        RSA rsa => rsa.SignData(data, HashAlgorithmName.SHA256, Algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1),
        _ => throw new NotSupportedException(),
    };

    /// <summary>The public key as DER SubjectPublicKeyInfo: what an attacker would use as an HMAC secret.</summary>
    public byte[] ExportPublicKey() => _key.ExportSubjectPublicKeyInfo();

    /// <summary>The public key as a JWK with <c>kid</c>, <c>use</c> and <c>alg</c>.</summary>
    public JsonObject ToJsonWebKey()
    {
        var jwk = new JsonObject { ["kid"] = KeyId, ["use"] = "sig", ["alg"] = Algorithm };
        if (_key is ECDsa ecdsa)
        {
            var point = ecdsa.ExportParameters(includePrivateParameters: false).Q;
            jwk["kty"] = "EC";
            jwk["crv"] = "P-256";
            jwk["x"] = Base64Url.EncodeToString(point.X);
            jwk["y"] = Base64Url.EncodeToString(point.Y);
        }
        else
        {
            var rsa = ((RSA)_key).ExportParameters(includePrivateParameters: false);
            jwk["kty"] = "RSA";
            jwk["n"] = Base64Url.EncodeToString(rsa.Modulus);
            jwk["e"] = Base64Url.EncodeToString(rsa.Exponent);
        }

        return jwk;
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static RSA CreateRsa(int keySize)
    {
#pragma warning disable CA5385, S4426 // tests need keys that are too small
        return RSA.Create(keySize);
#pragma warning restore CA5385, S4426
    }
}
