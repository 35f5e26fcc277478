using System.Security.Cryptography;
using System.Text.Json;

namespace ZeroTrust.Jose.Internal;

/// <summary>Reads one JWK of an already strict document (RFC 7517, RFC 7518 section 6).</summary>
internal static class JwkReader
{
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    internal static Verdict<JwsKey> Read(JsonElement jwk, string rsaAlgorithm)
    {
        if (PrivateMembers.Any(name => jwk.TryGetProperty(name, out _)))
        {
            return JoseRejections.Refuse(JoseRejectionReason.PrivateKeyPublished, "The key holds private or symmetric material.");
        }

        if (!TryGetOptional(jwk, "kty", out var type) || !TryGetOptional(jwk, "alg", out var algorithm)
            || !TryGetOptional(jwk, "kid", out var keyId) || !TryGetOptional(jwk, "use", out var use) || type is null)
        {
            return JoseRejections.Refuse(JoseRejectionReason.KeyInvalid, "A key parameter is not a string, or kty is missing.");
        }

        if (use is not (null or "sig") || !AllowsVerify(jwk))
        {
            return JoseRejections.Refuse(JoseRejectionReason.KeyUseRefused, "The key is not for verifying signatures.");
        }

        return type switch
        {
            "EC" => ReadEc(jwk, algorithm, keyId),
            "RSA" => ReadRsa(jwk, algorithm ?? rsaAlgorithm, keyId),
            _ => JoseRejections.Refuse(JoseRejectionReason.KeyUnsupported, "The key type is neither EC nor RSA."),
        };
    }

    private static Verdict<JwsKey> ReadEc(JsonElement jwk, string? algorithm, string? keyId)
    {
        var (curve, own, length) = TryGetOptional(jwk, "crv", out var name) ? name switch
        {
            "P-256" => (ECCurve.NamedCurves.nistP256, JwsAlgorithms.ES256, 32),
            "P-384" => (ECCurve.NamedCurves.nistP384, JwsAlgorithms.ES384, 48),
            _ => default,
        }
        : default;
        if (own is null || (algorithm is not null && algorithm != own))
        {
            return JoseRejections.Refuse(JoseRejectionReason.KeyUnsupported, "The curve, or the algorithm stated for it, is not supported.");
        }

        // RFC 7518 section 6.2.1.2: the full length of a coordinate, leading zeros kept.
        return TryGetBytes(jwk, "x", out var x) && TryGetBytes(jwk, "y", out var y) && x.Length == length && y.Length == length
            ? JwsKey.FromEc(new ECParameters { Curve = curve, Q = new ECPoint { X = x, Y = y } }, keyId)
            : JoseRejections.Refuse(JoseRejectionReason.KeyInvalid, "A coordinate is missing or has the wrong length.");
    }

    private static Verdict<JwsKey> ReadRsa(JsonElement jwk, string algorithm, string? keyId)
    {
        if (algorithm is not (JwsAlgorithms.PS256 or JwsAlgorithms.RS256))
        {
            return JoseRejections.Refuse(JoseRejectionReason.KeyUnsupported, "The algorithm stated for the RSA key is not supported.");
        }

        // RFC 7518 section 2, Base64urlUInt: no leading zero octet.
        return TryGetBytes(jwk, "n", out var n) && TryGetBytes(jwk, "e", out var e) && n[0] != 0 && e[0] != 0
            ? JwsKey.FromRsa(new RSAParameters { Modulus = n, Exponent = e }, algorithm, keyId)
            : JoseRejections.Refuse(JoseRejectionReason.KeyInvalid, "The modulus or exponent is missing or not canonical.");
    }

    private static bool AllowsVerify(JsonElement jwk)
    {
        if (!jwk.TryGetProperty("key_ops", out var operations))
        {
            return true;
        }

        return operations.ValueKind == JsonValueKind.Array
            && operations.EnumerateArray().Any(operation => operation.ValueKind == JsonValueKind.String && operation.ValueEquals("verify"));
    }

    private static bool TryGetOptional(JsonElement jwk, string name, out string? text)
    {
        text = null;
        if (!jwk.TryGetProperty(name, out var value))
        {
            return true;
        }

        text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is { Length: > 0 };
    }

    private static bool TryGetBytes(JsonElement jwk, string name, out byte[] bytes)
    {
        bytes = [];
        if (TryGetOptional(jwk, name, out var text) && text is not null && CanonicalBase64Url.TryDecode(text, out var decoded) && decoded.Length > 0)
        {
            bytes = decoded;
        }

        return bytes.Length > 0;
    }
}
