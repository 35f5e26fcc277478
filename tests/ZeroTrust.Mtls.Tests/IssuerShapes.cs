using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls.Tests.Support;

namespace ZeroTrust.Mtls.Tests;

/// <summary>What issuers make without being told otherwise, as <c>docs/defaults.md</c> has it with the sources.</summary>
internal static class IssuerShapes
{
    private const X509KeyUsageFlags Signature = X509KeyUsageFlags.DigitalSignature;
    private const X509KeyUsageFlags Encipherment = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment;

    // Made once: an RSA key takes its time.
    private static readonly Lazy<RSA> IssuerRsa = new(static () => RSA.Create(2048));
    private static readonly Lazy<RSA> LeafRsa = new(static () => RSA.Create(2048));

    public static IReadOnlyDictionary<string, IssuerShape> All { get; } = new Dictionary<string, IssuerShape>(StringComparer.Ordinal)
    {
        ["SPIRE"] = new(TimeSpan.FromSeconds(10), TimeSpan.FromHours(1), Encipherment | X509KeyUsageFlags.KeyAgreement, 16, "C=US, O=SPIRE"),
        ["Istio"] = new(TimeSpan.FromMinutes(2), TimeSpan.FromHours(24), Encipherment, 16, IsRsa: true),
        ["Linkerd"] = new(TimeSpan.FromSeconds(20), TimeSpan.FromHours(24), Encipherment, 1, "CN=orders.shop", Late: TimeSpan.FromSeconds(20)),
        ["step-ca"] = new(TimeSpan.FromMinutes(1), TimeSpan.FromHours(24), Signature, 16, "CN=orders"),
        ["Vault, a role with ttl=24h"] = new(TimeSpan.FromSeconds(30), TimeSpan.FromHours(24), Encipherment | X509KeyUsageFlags.KeyAgreement, 20, "CN=orders", IsRsa: true),
        ["Vault"] = new(TimeSpan.FromSeconds(30), TimeSpan.FromDays(32), Encipherment | X509KeyUsageFlags.KeyAgreement, 20, "CN=orders", IsRsa: true),
        ["AWS Private CA for 24 hours"] = new(TimeSpan.FromMinutes(60), TimeSpan.FromHours(24), Encipherment, 16, IsRsa: true),
        ["aws-privateca-issuer"] = new(TimeSpan.FromMinutes(60), TimeSpan.FromDays(30), Encipherment, 16, IsRsa: true),
        ["cert-manager, duration: 24h"] = new(TimeSpan.Zero, TimeSpan.FromHours(24), Encipherment, 16, IsRsa: true),
        ["cert-manager"] = new(TimeSpan.Zero, TimeSpan.FromDays(90), Encipherment, 16, IsRsa: true),
        ["csi-driver-spiffe"] = new(TimeSpan.Zero, TimeSpan.FromHours(1), Encipherment, 16),
        ["AD CS, a template of a day"] = new(TimeSpan.FromMinutes(10), TimeSpan.FromHours(24), Encipherment, 19, "CN=orders", IsRsa: true),
        ["AD CS, a template of a year"] = new(TimeSpan.FromMinutes(10), TimeSpan.FromDays(365), Encipherment, 19, "CN=orders", IsRsa: true),
    };

    /// <summary>A root of twenty years with the leaf below it, fresh from the issuer.</summary>
    public static (X509Certificate2 Root, PeerCertificates Leaf) Issue(IssuerShape shape, DateTimeOffset now)
    {
        var (root, issuer) = Request("CN=root", shape.IsRsa ? IssuerRsa : null);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        root.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        root.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(root.PublicKey, critical: false));
        var signed = root.Create(root.SubjectName, issuer, now.AddYears(-1), now.AddYears(19), [1]);
        var (leaf, _) = Request(shape.Subject, shape.IsRsa ? LeafRsa : null);
        leaf.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        leaf.CertificateExtensions.Add(new X509KeyUsageExtension(shape.KeyUsage, critical: true));
        leaf.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(World.Orders));
        names.AddDnsName("orders.shop.svc");
        leaf.CertificateExtensions.Add(names.Build(critical: shape.Subject.Length == 0));
        var serial = RandomNumberGenerator.GetBytes(shape.SerialBytes);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x01);
        using var certificate = leaf.Create(root.SubjectName, issuer, now - shape.BackDating, now + shape.Lifetime + shape.Late, serial);
        return (signed, PeerCertificates.From(certificate).GetOrThrow());
    }

    private static (CertificateRequest Request, X509SignatureGenerator Generator) Request(string subject, Lazy<RSA>? rsa)
    {
        if (rsa is not null)
        {
            return (new CertificateRequest(subject, rsa.Value, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
                X509SignatureGenerator.CreateForRSA(rsa.Value, RSASignaturePadding.Pkcs1));
        }

        var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (new CertificateRequest(subject, ecdsa, HashAlgorithmName.SHA256), X509SignatureGenerator.CreateForECDsa(ecdsa));
    }
}
