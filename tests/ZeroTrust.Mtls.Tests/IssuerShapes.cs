using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls.Tests.Support;

namespace ZeroTrust.Mtls.Tests;

/// <summary>What issuers make without being told otherwise, as <c>docs/defaults.md</c> has it with the sources.</summary>
internal static class IssuerShapes
{
    private const X509KeyUsageFlags Signature = X509KeyUsageFlags.DigitalSignature;
    private const X509KeyUsageFlags Encipherment = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment;

    public static IReadOnlyDictionary<string, IssuerShape> All { get; } = new Dictionary<string, IssuerShape>(StringComparer.Ordinal)
    {
        ["SPIRE"] = new(TimeSpan.FromSeconds(10), TimeSpan.FromHours(1), Encipherment | X509KeyUsageFlags.KeyAgreement, 16, "C=US, O=SPIRE"),
        ["Istio"] = new(TimeSpan.FromMinutes(2), TimeSpan.FromHours(24), Encipherment, 16),
        ["Linkerd"] = new(TimeSpan.FromSeconds(20), TimeSpan.FromHours(24), Encipherment, 1, "CN=orders.shop", Late: TimeSpan.FromSeconds(20)),
        ["step-ca"] = new(TimeSpan.FromMinutes(1), TimeSpan.FromHours(24), Signature, 16, "CN=orders"),
        ["Vault, a role with ttl=24h"] = new(TimeSpan.FromSeconds(30), TimeSpan.FromHours(24), Encipherment | X509KeyUsageFlags.KeyAgreement, 20, "CN=orders"),
        ["Vault"] = new(TimeSpan.FromSeconds(30), TimeSpan.FromDays(32), Encipherment | X509KeyUsageFlags.KeyAgreement, 20, "CN=orders"),
        ["AWS Private CA for 24 hours"] = new(TimeSpan.FromMinutes(60), TimeSpan.FromHours(24), Encipherment, 16),
        ["aws-privateca-issuer"] = new(TimeSpan.FromMinutes(60), TimeSpan.FromDays(30), Encipherment, 16),
        ["cert-manager, duration: 24h"] = new(TimeSpan.Zero, TimeSpan.FromHours(24), Encipherment, 16),
        ["cert-manager"] = new(TimeSpan.Zero, TimeSpan.FromDays(90), Encipherment, 16),
        ["csi-driver-spiffe"] = new(TimeSpan.Zero, TimeSpan.FromHours(1), Encipherment, 16),
        ["AD CS, a template of a day"] = new(TimeSpan.FromMinutes(10), TimeSpan.FromHours(24), Encipherment, 19, "CN=orders"),
        ["AD CS, a template of a year"] = new(TimeSpan.FromMinutes(10), TimeSpan.FromDays(365), Encipherment, 19, "CN=orders"),
    };

    /// <summary>A root of twenty years with the leaf below it, fresh from the issuer.</summary>
    public static (X509Certificate2 Root, PeerCertificates Leaf) Issue(IssuerShape shape, DateTimeOffset now)
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = new CertificateRequest("CN=root", rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        root.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        root.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(root.PublicKey, critical: false));
        using var signed = root.CreateSelfSigned(now.AddYears(-1), now.AddYears(19));

        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = new CertificateRequest(shape.Subject, leafKey, HashAlgorithmName.SHA256);
        leaf.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        leaf.CertificateExtensions.Add(new X509KeyUsageExtension(shape.KeyUsage, critical: true));
        leaf.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(World.Orders));
        names.AddDnsName("orders.shop.svc");
        leaf.CertificateExtensions.Add(names.Build(critical: shape.Subject.Length == 0));
        var serial = RandomNumberGenerator.GetBytes(shape.SerialBytes);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x01);
        using var certificate = leaf.Create(
            signed.SubjectName, X509SignatureGenerator.CreateForECDsa(rootKey), now - shape.BackDating, now + shape.Lifetime + shape.Late, serial);
        return (X509CertificateLoader.LoadCertificate(signed.RawData), PeerCertificates.From(certificate).GetOrThrow());
    }
}
