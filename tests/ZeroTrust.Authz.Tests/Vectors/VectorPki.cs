using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using ZeroTrust.Jose;
using ZeroTrust.Testing;
using ZeroTrust.Tests.Support;

namespace ZeroTrust.Authz.Tests.Vectors;

/// <summary>Makes the keys and certificates of the vectors.</summary>
internal sealed class VectorPki : IDisposable
{
    public const string Issuer = "https://tokens.example.test";
    public const string KeyId = "2026-06";
    public const string RsaKeyId = "rsa";

    private static readonly string[] Permissions = ["orders:read", "orders:write", "invoice:read", "invoice:write"];

    private readonly SteppedTimeProvider _time = new(TestMesh.Start);
    private readonly TestCertificateAuthority _root;
    private readonly TestCertificateAuthority _intermediate;
    private readonly TestCertificateAuthority _strange;
    private readonly ConstrainedAuthority _constrained = new();
    private readonly ECDsa _serviceKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA _serviceRsaKey = RSA.Create(2048);
    private readonly Dictionary<string, TestCertificate> _certificates;

    public VectorPki()
    {
        _root = TestCertificateAuthority.Create("vectors root, a test key", _time);
        _intermediate = _root.CreateIntermediate("vectors intermediate, a test key");
        _strange = TestCertificateAuthority.Create("another root, a test key", _time);
        _certificates = new(StringComparer.Ordinal)
        {
            ["gateway"] = _root.Issue(Id("gateway")),
            ["orders"] = _root.Issue(Id("orders")),
            ["billing"] = _root.Issue(Id("billing")),
            ["audit"] = _intermediate.Issue(Id("audit")),
            ["archive"] = _root.Issue(Id("archive")),
            ["batch"] = _intermediate.Issue(Id("batch")),
            ["rsa"] = _root.Issue(options => (options.SpiffeId, options.Key) = (Id("rsa"), TestKeyAlgorithm.Rsa2048)),
            ["p384"] = _root.Issue(options => (options.SpiffeId, options.Key) = (Id("p384"), TestKeyAlgorithm.EcdsaP384)),
            ["ledger"] = _root.Issue(options => options.DnsNames.Add("Ledger.Example.Test")),
            ["ending"] = _root.Issue(options => (options.SpiffeId, options.NotAfter) = (Id("ending"), TestMesh.Start.AddSeconds(60))),
            ["constrained"] = _constrained.Issue(Id("constrained"), "a.example.test"),
            ["constrained-outside"] = _constrained.Issue(Id("gateway"), "gateway.other.test"),
            ["constrained-excluded"] = _constrained.Issue(Id("gateway"), "a.closed.example.test"),
            ["expired"] = _root.Issue(options =>
            {
                options.SpiffeId = Id("gateway");
                options.NotBefore = TestMesh.Start.AddHours(-2);
                options.NotAfter = TestMesh.Start.AddSeconds(-6);
            }),
            ["future"] = _root.Issue(options => (options.SpiffeId, options.NotBefore) = (Id("gateway"), TestMesh.Start.AddSeconds(6))),
            ["usage-not-critical"] = _root.Issue(options => (options.SpiffeId, options.KeyUsageCritical) = (Id("gateway"), false)),
            ["without-usage"] = _root.Issue(options => (options.SpiffeId, options.KeyUsage) = (Id("gateway"), null)),
            ["server-only"] = _root.Issue(options => (options.SpiffeId, options.ClientAuth) = (Id("gateway"), false)),
            ["client-only"] = _root.Issue(options => (options.SpiffeId, options.ServerAuth) = (Id("gateway"), false)),
            ["long-lived"] = _root.Issue(options => (options.SpiffeId, options.NotAfter) = (Id("gateway"), TestMesh.Start.AddHours(25))),
            ["two-uris"] = _root.Issue(options =>
            {
                options.SpiffeId = Id("gateway");
                options.UriNames.Add("https://example.test/");
            }),
            ["other-domain"] = _root.Issue("spiffe://other.test/gateway"),
            ["denied"] = _root.Issue(Id("denied")),
            ["unnamed"] = _root.Issue(options =>
            {
                options.DnsNames.Add("a.example.test");
                options.DnsNames.Add("b.example.test");
            }),
            ["strange"] = _strange.Issue(Id("gateway")),
        };
    }

    public TestCertificate this[string name] => _certificates[name];

    public static string Id(string name) => name == "ledger" ? "dns:ledger.example.test" : $"spiffe://example.test/{name}";

    /// <summary>A root of the token service, by <c>kid</c>.</summary>
    public string ServiceRoot(JsonObject claims, string keyId = KeyId)
    {
        using var signer = JwsSigner.FromKey(ECDsa.Create(_serviceKey.ExportParameters(includePrivateParameters: true)), keyId);
        return signer.Sign("txntoken+jwt", System.Text.Encoding.UTF8.GetBytes(claims.ToJsonString()));
    }

    /// <summary>The same by its RSA key.</summary>
    public string ServiceRsaRoot(JsonObject claims, string algorithm)
    {
        using var signer = JwsSigner.FromKey(
            RSA.Create(_serviceRsaKey.ExportParameters(includePrivateParameters: true)), RsaKeyId, algorithm);
        return signer.Sign("txntoken+jwt", System.Text.Encoding.UTF8.GetBytes(claims.ToJsonString()));
    }

    public VectorWorld World() => new(
        "Test keys and certificates for the context token (docs/reference/context-token.md). Everybody has the keys.",
        TestMesh.Start.ToUnixTimeSeconds(),
        TestMesh.Domain,
        [_root.AnchorPem, _constrained.AnchorPem],
        [Id("denied")],
        [
            Grant(Id("gateway"), ["acme", "globex"], "User"),
            Grant(Id("batch"), ["acme"], "System", maxLifetime: 60),
            Grant(Id("rsa"), ["acme"], "User"),
            Grant(Id("p384"), ["*"], "User"),
            Grant(Id("ledger"), ["acme"], "User"),
            Grant(Id("constrained"), ["acme"], "User"),
        ],
        [new(JsonSerializer.SerializeToElement(Keys()), Grant(Issuer, ["acme"], "User"))],
        _certificates.ToDictionary(pair => pair.Key, pair => Describe(pair.Key, pair.Value), StringComparer.Ordinal));

    public void Dispose()
    {
        foreach (var certificate in _certificates.Values)
        {
            certificate.Dispose();
        }

        _serviceKey.Dispose();
        _serviceRsaKey.Dispose();
        _constrained.Dispose();
        _strange.Dispose();
        _intermediate.Dispose();
        _root.Dispose();
    }

    private static VectorGrant Grant(
        string workload, string[] tenants, string kind, int maxLifetime = 120) => new(workload, tenants, [kind], Permissions, maxLifetime);

    private static VectorCertificate Describe(string name, TestCertificate certificate)
    {
        var url = certificate.Certificate.GetNameInfo(X509NameType.UrlName, forIssuer: false);
        var workload = name switch
        {
            "unnamed" or "two-uris" => null,
            "ledger" => Id(name),
            _ => url,
        };
        return new(workload, certificate.ChainPem, certificate.KeyPem);
    }

    private JsonObject Keys()
    {
        var point = _serviceKey.ExportParameters(includePrivateParameters: false).Q;
        var rsa = _serviceRsaKey.ExportParameters(includePrivateParameters: false);
        return new()
        {
            ["keys"] = new JsonArray(
                new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Text(point.X), ["y"] = Text(point.Y), ["kid"] = KeyId },
                new JsonObject { ["kty"] = "RSA", ["n"] = Text(rsa.Modulus), ["e"] = Text(rsa.Exponent), ["kid"] = RsaKeyId }),
        };
    }

    private static string Text(byte[]? bytes) => CanonicalBase64Url.Encode(bytes);
}
