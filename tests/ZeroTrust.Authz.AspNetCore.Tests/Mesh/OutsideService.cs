using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Jose;

namespace ZeroTrust.Authz.Tests.Mesh;

/// <summary>A token service whose keys the host knows, or cannot get.</summary>
internal sealed class OutsideService : IDisposable
{
    private const string Issuer = "https://tokens.example.test";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly JwsSigner _signer;

    public OutsideService() => _signer = JwsSigner.FromKey(ECDsa.Create(_key.ExportParameters(includePrivateParameters: true)), "1");

    public MemoryTokenServiceKeySource Keys { get; } = new();

    public void Configure(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ITokenServiceKeySource>(Keys);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ZeroTrust:Authz:TokenServices:0:Issuer"] = Issuer,
            ["ZeroTrust:Authz:TokenServices:0:Tenants:0"] = "acme",
            ["ZeroTrust:Authz:TokenServices:0:SubjectKinds:0"] = "User",
            ["ZeroTrust:Authz:TokenServices:0:Permissions:0"] = "orders:read",
        });
    }

    public void Publish()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var jwks = $$"""{"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","kid":"1","x":"{{CanonicalBase64Url.Encode(point.X)}}","y":"{{CanonicalBase64Url.Encode(point.Y)}}"}]}""";
        Keys.Replace(Issuer, JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(jwks)).GetOrThrow());
    }

    /// <summary>A root for a workload, which hands it on to the service under test.</summary>
    public TxnHeaders Send(MeshPeer holder, DateTimeOffset now)
    {
        var (issuedAt, expiresAt) = (now.ToUnixTimeSeconds(), now.ToUnixTimeSeconds() + 100);
        var root = Sign(
            _signer,
            "txntoken+jwt",
            $$$"""{"iss":"{{{Issuer}}}","iat":{{{issuedAt}}},"exp":{{{expiresAt}}},"aud":"example.test","txn":"AAAAAAAAAAAAAAAAAAAAAA","sub":"idp/alice","scope":"orders:read","req_wl":"{{{holder.Workload}}}","tctx":{"tenant_id":"acme"}}""");
        using var own = JwsSigner.FromCertificate(holder.Certificate);
        var previous = CanonicalBase64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(root)));
        var link = Sign(own, "zt-link+jwt", $$"""{"prv":"{{previous}}","to":"{{MeshHost.Orders}}","scope":"orders:read","iat":{{issuedAt}},"exp":{{expiresAt}}}""");
        return new TxnHeaders(root, link, CanonicalBase64Url.Encode(holder.Certificate.RawData));
    }

    public void Dispose()
    {
        _signer.Dispose();
        _key.Dispose();
    }

    private static string Sign(JwsSigner signer, string type, string claims) => signer.Sign(type, Encoding.UTF8.GetBytes(claims));
}
