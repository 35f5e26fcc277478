using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests.Support;

/// <summary>CRLs that the authorities of tests do not issue.</summary>
internal static class Forge
{
    /// <summary>A CRL of an issuer's name, whose key is another one unless it is given.</summary>
    public static CertificateRevocationList Crl(X500DistinguishedName issuer, DateTimeOffset thisUpdate, int number = 999, X509Certificate2? signer = null)
    {
        using var key = signer?.GetECDsaPrivateKey() ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var generator = X509SignatureGenerator.CreateForECDsa(key);
        var keyId = X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(
            new X509SubjectKeyIdentifierExtension(generator.PublicKey, critical: false));
        return CertificateRevocationList.Read(new CertificateRevocationListBuilder().Build(
            issuer, generator, number, thisUpdate.AddDays(1), HashAlgorithmName.SHA256, keyId, thisUpdate)).GetOrThrow();
    }
}
