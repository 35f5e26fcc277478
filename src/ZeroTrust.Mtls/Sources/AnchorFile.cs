using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ZeroTrust.Mtls.Sources;

/// <summary>Anchors as PEM, as one DER certificate or as PKCS#12.</summary>
internal static class AnchorFile
{
    private const byte Sequence = 0x30;

    /// <exception cref="CryptographicException">The content is none of these, or holds a private key.</exception>
    public static X509Certificate2Collection Read(byte[] content, string? password)
    {
        var anchors = new X509Certificate2Collection();
        switch (X509Certificate2.GetCertContentType(content))
        {
            case X509ContentType.Pkcs12:
                anchors.AddRange(X509CertificateLoader.LoadPkcs12Collection(content, password));
                break;
            case X509ContentType.Cert when content[0] == Sequence:
                anchors.Add(X509CertificateLoader.LoadCertificate(content));
                break;
            default:
                anchors.ImportFromPem(Encoding.UTF8.GetString(content));
                break;
        }

        return anchors.Any(anchor => anchor.HasPrivateKey)
            ? throw new CryptographicException("A private key is among them; who verifies needs the certificate alone.")
            : anchors;
    }
}
