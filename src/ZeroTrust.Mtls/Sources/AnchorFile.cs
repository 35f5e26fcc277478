using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Sources;

/// <summary>Anchors as PEM, as one DER certificate or as PKCS#12.</summary>
internal static class AnchorFile
{
    /// <exception cref="TrustFileFault">The content is none of these, or holds a private key.</exception>
    public static X509Certificate2Collection Read(byte[] content, string? password)
    {
        if (!TrustFile.IsPkcs12(content))
        {
            return CertificateFile.Read(content, mayHoldKey: false);
        }

        var anchors = Pkcs12File.Read(content, password);
        return anchors.Any(anchor => anchor.HasPrivateKey)
            ? throw new TrustFileFault("a private key is among the anchors; who verifies needs the certificates alone: openssl pkcs12 -in FILE -nokeys -out FILE.pem")
            : anchors;
    }
}
