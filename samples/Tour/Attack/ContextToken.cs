using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ZeroTrust.Samples.Tour.Attack;

/// <summary>
/// The three context headers, written from the token's description alone and signed with keys the attacker holds.
/// Immutable: every step gives a new one, so that each can also be sent.
/// </summary>
internal sealed class ContextToken
{
    private const long LifetimeSeconds = 100;

    private readonly string _root;
    private readonly string[] _links;
    private readonly X509Certificate2[] _certificates;
    private readonly long _expires;

    private ContextToken(string root, string[] links, X509Certificate2[] certificates, long expires)
    {
        _root = root;
        _links = links;
        _certificates = certificates;
        _expires = expires;
    }

    public IReadOnlyDictionary<string, string> Headers
    {
        get
        {
            var headers = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Txn-Token"] = _root,
                ["Txn-Certs"] = string.Join('~', _certificates.DistinctBy(static c => c.Thumbprint, StringComparer.Ordinal)
                    .Select(static c => Base64Url.EncodeToString(c.RawData))),
            };
            if (_links.Length > 0)
            {
                headers["Txn-Chain"] = string.Join('~', _links);
            }

            return headers;
        }
    }

    public static ContextToken Mint(Identity signer, string tenant, string subject, string scope)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var domain = new Uri(signer.Workload).Host;
        var root = Sign("txntoken+jwt", signer, new
        {
            iss = signer.Workload,
            iat = now,
            exp = now + LifetimeSeconds,
            aud = domain,
            txn = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            sub = subject,
            scope,
            req_wl = signer.Workload,
            tctx = new { tenant_id = tenant },
        });
        return new ContextToken(root, [], Leaves(signer), now + LifetimeSeconds);
    }

    /// <summary>Hands the context on to the next workload.</summary>
    public ContextToken Link(Identity signer, string to, string scope)
    {
        var previous = _links.Length == 0 ? _root : _links[^1];
        var link = Sign("zt-link+jwt", signer, new
        {
            prv = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(previous))),
            to,
            scope,
            iat = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
            exp = _expires,
        });
        return new ContextToken(_root, [.. _links, link], [.. _certificates, .. Leaves(signer)], _expires);
    }

    public ContextToken WithoutLastLink() => new(_root, _links[..^1], _certificates, _expires);

    private static string Sign(string type, Identity signer, object payload)
    {
        using var key = signer.Certificate.GetECDsaPrivateKey()
            ?? throw new TourException($"{signer.Workload} has no EC key.");
        return Jws.Es256(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["alg"] = "ES256",
                ["typ"] = type,
                ["x5t#S256"] = Jws.Thumbprint(signer.Certificate),
            },
            payload,
            key);
    }

    private static X509Certificate2[] Leaves(Identity signer) => [signer.Certificate, .. signer.Intermediates];
}
