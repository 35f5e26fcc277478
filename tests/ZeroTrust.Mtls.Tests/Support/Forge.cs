using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests.Support;

/// <summary>CRLs that the authorities of tests do not issue.</summary>
internal static class Forge
{
    /// <summary>A CRL that says it is of the issuer and its key, and is signed with another one.</summary>
    public static CertificateRevocationList Crl(X509Certificate2 issuer, DateTimeOffset thisUpdate, int number = 999)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var generator = X509SignatureGenerator.CreateForECDsa(key);
        var keyId = X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false);
        return CertificateRevocationList.Read(new CertificateRevocationListBuilder().Build(
            issuer.SubjectName, generator, number, thisUpdate.AddDays(1), HashAlgorithmName.SHA256, keyId, thisUpdate)).GetOrThrow();
    }
}
