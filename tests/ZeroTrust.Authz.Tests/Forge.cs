using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using ZeroTrust.Jose;
using ZeroTrust.Testing;

namespace ZeroTrust.Authz.Tests;

/// <summary>Writes tokens by hand, honest ones and others, without the code under test.</summary>
internal static class Forge
{
    internal static long Seconds(DateTimeOffset moment) => moment.ToUnixTimeSeconds();

    internal static JsonObject RootClaims(DateTimeOffset now, string minter = TestMesh.GatewayId) => new()
    {
        ["iss"] = minter,
        ["iat"] = Seconds(now),
        ["exp"] = Seconds(now) + 120,
        ["aud"] = TestMesh.Domain,
        ["txn"] = CanonicalBase64Url.Encode(new byte[16]),
        ["sub"] = "idp/alice",
        ["scope"] = "orders:read orders:write",
        ["req_wl"] = minter,
        ["tctx"] = new JsonObject { ["tenant_id"] = "acme" },
    };

    internal static JsonObject LinkClaims(DateTimeOffset now, string previous, string to) => new()
    {
        ["prv"] = HashOf(previous),
        ["to"] = to,
        ["scope"] = "orders:read orders:write",
        ["iat"] = Seconds(now),
        ["exp"] = Seconds(now) + 120,
    };

    internal static string Root(TestCertificate signer, DateTimeOffset now, Action<JsonObject>? change = null) =>
        Token(signer, "txntoken+jwt", Changed(RootClaims(now), change));

    internal static string Link(TestCertificate signer, DateTimeOffset now, string previous, string to, Action<JsonObject>? change = null) =>
        Token(signer, "zt-link+jwt", Changed(LinkClaims(now, previous, to), change));

    internal static string Token(TestCertificate signer, string type, JsonObject claims) => Token(signer, type, claims.ToJsonString());

    internal static string Token(TestCertificate signer, string type, string claims)
    {
        using var jws = JwsSigner.FromCertificate(signer.Certificate);
        return jws.Sign(type, Encoding.UTF8.GetBytes(claims));
    }

    /// <summary>Signs with a header written by hand.</summary>
    internal static string Token(TestCertificate signer, JsonObject header, JsonObject claims)
    {
        using var key = signer.Certificate.GetECDsaPrivateKey()!;
        var input = CanonicalBase64Url.Encode(Encoding.UTF8.GetBytes(header.ToJsonString())) + "." + CanonicalBase64Url.Encode(Encoding.UTF8.GetBytes(claims.ToJsonString()));
        return input + "." + CanonicalBase64Url.Encode(key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    internal static JsonObject Header(TestCertificate signer, string type) => new()
    {
        ["alg"] = "ES256",
        ["typ"] = type,
        ["x5t#S256"] = CanonicalBase64Url.Encode(SHA256.HashData(signer.Certificate.RawData)),
    };

    internal static string Certs(params IEnumerable<TestCertificate> signers) => string.Join('~', signers
        .SelectMany(signer => signer.IntermediatesDer.Prepend(signer.Certificate.RawDataMemory))
        .Select(der => CanonicalBase64Url.Encode(der.Span))
        .Distinct(StringComparer.Ordinal));

    internal static string HashOf(string token) => CanonicalBase64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token)));

    private static JsonObject Changed(JsonObject claims, Action<JsonObject>? change)
    {
        change?.Invoke(claims);
        return claims;
    }
}
