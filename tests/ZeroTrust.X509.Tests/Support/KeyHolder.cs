using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.X509.Tests.Support;

/// <summary>A certificate and its private key.</summary>
internal sealed class KeyHolder : IDisposable
{
    private const X509KeyUsageFlags CaUsage = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign;

    private KeyHolder(ECDsa key, Certificate certificate)
    {
        Key = key;
        Certificate = certificate;
    }

    internal ECDsa Key { get; }

    internal Certificate Certificate { get; }

    internal static KeyHolder Root(string name, X509KeyUsageFlags? usage = CaUsage) => Create(name, issuer: null, isCa: true, usage);

    internal KeyHolder Ca(string name, X509KeyUsageFlags? usage = CaUsage, params PointForge[] points) => Create(name, this, isCa: true, usage, points);

    internal KeyHolder Leaf(string name, params PointForge[] points) => Create(name, this, isCa: false, X509KeyUsageFlags.DigitalSignature, points);

    internal KeyHolder CrlSigner(string name, X509KeyUsageFlags? usage = X509KeyUsageFlags.CrlSign) => Create(name, this, isCa: false, usage);

    public void Dispose() => Key.Dispose();

    private static KeyHolder Create(string name, KeyHolder? issuer, bool isCa, X509KeyUsageFlags? usage, params PointForge[] points)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isCa, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (usage is { } flags)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(flags, critical: true));
        }

        if (points.Length > 0)
        {
            request.CertificateExtensions.Add(PointForge.Extension(points));
        }

        using var certificate = request.Create(
            new X500DistinguishedName(issuer is null ? name : issuer.Certificate.SubjectName),
            X509SignatureGenerator.CreateForECDsa(issuer?.Key ?? key),
            CrlForge.Now.AddDays(-1),
            CrlForge.Now.AddDays(1),
            [0x10, .. RandomNumberGenerator.GetBytes(7)]);
        return new KeyHolder(key, X509Assert.Accepted(Certificate.Read(certificate.RawData)));
    }
}
