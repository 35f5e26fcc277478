using System.Security.Cryptography;
using System.Text;

namespace ZeroTrust.Jose.Tests;

/// <summary>Writes public JWKs of live keys.</summary>
internal static class Keys
{
    internal static string Ec(ECDsa key, string curve, string extra = "")
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return $$"""{"kty":"EC","crv":"{{curve}}","x":"{{CanonicalBase64Url.Encode(point.X)}}","y":"{{CanonicalBase64Url.Encode(point.Y)}}"{{extra}}}""";
    }

    internal static string Rsa(RSA key, string extra = "")
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return $$"""{"kty":"RSA","n":"{{CanonicalBase64Url.Encode(parameters.Modulus)}}","e":"{{CanonicalBase64Url.Encode(parameters.Exponent)}}"{{extra}}}""";
    }

    internal static Verdict<JwsKey> FromEc(ECDsa key, string curve, string keyId) => Jwk(Ec(key, curve, $",\"kid\":\"{keyId}\""));

    internal static Verdict<JwsKey> Jwk(string json) => JwsKey.FromJwk(Encoding.UTF8.GetBytes(json));
}
