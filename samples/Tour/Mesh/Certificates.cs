using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Samples.Tour.Attack;
using ZeroTrust.Testing;

namespace ZeroTrust.Samples.Tour.Mesh;

/// <summary>A throw-away public key infrastructure: the members' certificates, and those an attacker may come with.</summary>
internal sealed class Certificates : IDisposable
{
    public const string TrustDomain = "example.test";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private readonly TestCertificateAuthority _root = TestCertificateAuthority.Create("tour root");
    private readonly TestCertificateAuthority _authority;
    private readonly TestCertificateAuthority _foreign = TestCertificateAuthority.Create("foreign root");
    private readonly string _folder;

    public Certificates(string folder)
    {
        _folder = folder;
        _authority = _root.CreateIntermediate("tour intermediate");
        AnchorFile = _root.WriteAnchorTo(folder);
        Gateway = IssueMember("gateway");
        Orders = IssueMember("orders");
        Billing = IssueMember("billing");
        Reporting = IssueMember("reporting");
        Issuer = Issue(_authority, "issuer", static leaf => leaf.SpiffeId = null);
    }

    public X509Certificate2 Anchor => _root.Certificate;

    public string AnchorFile { get; }

    public Identity Gateway { get; }

    public Identity Orders { get; private set; }

    public Identity Billing { get; }

    /// <summary>On Orders' list of peers, without a grant to mint contexts.</summary>
    public Identity Reporting { get; }

    /// <summary>The OpenID Connect issuer's certificate: a DNS name, no workload.</summary>
    public Identity Issuer { get; }

    /// <summary>Valid in every way, on nobody's list.</summary>
    public Identity Intruder => Issue(_authority, "intruder");

    /// <summary>Claims to be the gateway, under a CA that nobody here trusts.</summary>
    public Identity Foreign => Issue(_foreign, "gateway");

    public Identity ServerOnly => Issue(_authority, "gateway", static leaf => leaf.ClientAuth = false);

    public Identity Expired
    {
        get
        {
            var now = TimeProvider.System.GetUtcNow();
            return Issue(_authority, "gateway", leaf =>
            {
                leaf.NotBefore = now.AddHours(-13);
                leaf.NotAfter = now.AddHours(-1);
            });
        }
    }

    public static string SpiffeId(string name) => $"spiffe://{TrustDomain}/{name}";

    public static string Sha256(Identity identity) => Convert.ToHexStringLower(SHA256.HashData(identity.Certificate.RawData));

    public string File(string name) => Path.Combine(_folder, name);

    /// <summary>Gives Orders a new key and certificate, in the same files.</summary>
    public Identity RotateOrders() => Orders = IssueMember("orders");

    public void Dispose()
    {
        _root.Dispose();
        _authority.Dispose();
        _foreign.Dispose();
    }

    private Identity IssueMember(string name) => Issue(_authority, name, static _ => { }, write: true);

    private Identity Issue(TestCertificateAuthority authority, string name, Action<TestLeafOptions>? configure = null, bool write = false)
    {
        var now = TimeProvider.System.GetUtcNow();
        var issued = authority.Issue(leaf =>
        {
            leaf.CommonName = name;
            leaf.SpiffeId = SpiffeId(name);
            leaf.DnsNames.Add("localhost");
            leaf.NotBefore = now.AddMinutes(-1);
            leaf.NotAfter = now + Lifetime;
            configure?.Invoke(leaf);
        });
        if (write)
        {
            issued.WriteTo(_folder, name);
        }

        var intermediates = new X509Certificate2Collection();
        foreach (var der in issued.IntermediatesDer)
        {
            intermediates.Add(X509CertificateLoader.LoadCertificate(der.Span));
        }

        return new Identity(SpiffeId(name), issued.Certificate, intermediates);
    }
}
