using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.Testing;

/// <summary>What a leaf of a <see cref="TestCertificateAuthority"/> looks like. The defaults make a good leaf; each property can spoil one thing.</summary>
public sealed class TestLeafOptions
{
    /// <summary>The subject's common name.</summary>
    /// <value>Default <c>test leaf</c>.</value>
    public string CommonName { get; set; } = "test leaf";

    /// <summary>The SPIFFE ID, written as the first URI name without being checked.</summary>
    /// <value>Null by default: no SPIFFE ID.</value>
    public string? SpiffeId { get; set; }

    /// <summary>Further URI names.</summary>
    public IList<string> UriNames { get; } = [];

    /// <summary>The DNS names.</summary>
    public IList<string> DnsNames { get; } = [];

    /// <summary>The IP addresses.</summary>
    public IList<IPAddress> IpAddresses { get; } = [];

    /// <summary>Whether the extended key usage holds clientAuth.</summary>
    /// <value>Default true.</value>
    public bool ClientAuth { get; set; } = true;

    /// <summary>Whether the extended key usage holds serverAuth. With neither, the extension is absent.</summary>
    /// <value>Default true.</value>
    public bool ServerAuth { get; set; } = true;

    /// <summary>Whether basic constraints say that the leaf is a CA.</summary>
    /// <value>Default false.</value>
    public bool IsCa { get; set; }

    /// <summary>The key usage; null for no such extension.</summary>
    /// <value>Default digitalSignature.</value>
    public X509KeyUsageFlags? KeyUsage { get; set; } = X509KeyUsageFlags.DigitalSignature;

    /// <summary>Whether the key usage extension is critical.</summary>
    /// <value>Default true.</value>
    public bool KeyUsageCritical { get; set; } = true;

    /// <summary>The beginning of the validity.</summary>
    /// <value>Null by default: one minute ago.</value>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>The end of the validity.</summary>
    /// <value>Null by default: in one hour.</value>
    public DateTimeOffset? NotAfter { get; set; }

    /// <summary>The kind of key.</summary>
    /// <value>Default <see cref="TestKeyAlgorithm.EcdsaP256"/>.</value>
    public TestKeyAlgorithm Key { get; set; }

    /// <summary>Whether the issuer signs with SHA-1.</summary>
    /// <value>Default false.</value>
    public bool WeakSignature { get; set; }

    /// <summary>A URL to put into the authority information access extension, where a careless verifier would fetch the issuer.</summary>
    /// <value>Null by default: no such extension.</value>
    public string? IssuerUrl { get; set; }

    /// <summary>Further extensions, added as they are.</summary>
    public IList<X509Extension> Extensions { get; } = [];
}
