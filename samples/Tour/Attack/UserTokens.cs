using System.Security.Cryptography;
using System.Text;
using ZeroTrust.Samples.Tour.Mesh;

namespace ZeroTrust.Samples.Tour.Attack;

/// <summary>Access tokens written by hand. All but two are signed with the issuer's real key, so that each is wrong in one thing only.</summary>
internal sealed class UserTokens(Issuer issuer)
{
    private readonly long _now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    public string Good() => Jws.Es256(Header("ES256"), Claims(), issuer.Key);

    public string OtherIssuer() => Jws.Es256(Header("ES256"), Claims(iss: "https://login.evil.example/"), issuer.Key);

    public string OtherAudience() => Jws.Es256(Header("ES256"), Claims(aud: "somebody-else"), issuer.Key);

    public string Expired() => Jws.Es256(Header("ES256"), Claims(exp: _now - 60), issuer.Key);

    public string Unsigned() => Jws.Unsigned(Header("none"), Claims());

    public string SignedWithThePublicKey() =>
        Jws.Hs256(Header("HS256"), Claims(), Encoding.ASCII.GetBytes(issuer.Key.ExportSubjectPublicKeyInfoPem()));

    public string OtherKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Jws.Es256(Header("ES256"), Claims(), key);
    }

    private static object Header(string algorithm) => new { alg = algorithm, typ = "at+jwt", kid = Issuer.KeyId };

    private object Claims(string? iss = null, string aud = Issuer.Audience, long? exp = null) => new
    {
        iss = iss ?? issuer.Authority,
        aud,
        sub = User.Alice.Name,
        client_id = User.Alice.Name,
        iat = _now - 120,
        exp = exp ?? _now + 300,
        jti = RandomNumberGenerator.GetHexString(16),
        tenant = User.Alice.Tenant,
        permissions = User.Alice.Permissions,
    };
}
