using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.Tests.AotSmoke;

/// <summary>A CA and one workload's certificate, as the files that settings name.</summary>
internal static class Certificates
{
    public static void Write(string folder, string workload)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=smoke authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority());
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        authority.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authority.PublicKey, critical: false));
        using var anchor = authority.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = new CertificateRequest("CN=smoke service", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(workload));
        leaf.CertificateExtensions.Add(names.Build());
        leaf.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        leaf.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        leaf.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], critical: false));
        leaf.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(anchor, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using var certificate = leaf.Create(anchor, now.AddMinutes(-5), now.AddHours(1), RandomNumberGenerator.GetBytes(16));

        File.WriteAllText(Path.Combine(folder, "ca.pem"), anchor.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "leaf.pem"), certificate.ExportCertificatePem());
        var keyFile = Path.Combine(folder, "leaf.key");
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
