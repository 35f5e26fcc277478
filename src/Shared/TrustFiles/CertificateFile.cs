using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.Shared;

/// <summary>Files of certificates: one as DER, or any number as PEM, in the order of the file.</summary>
internal static class CertificateFile
{
    /// <param name="content">The file.</param>
    /// <param name="mayHoldKey">Whether a private key may stand beside them, as where certificate and key are one file.</param>
    /// <exception cref="TrustFileFault">It holds anything else, or a certificate that is none.</exception>
    public static X509Certificate2Collection Read(byte[] content, bool mayHoldKey)
    {
        if (TrustFile.IsBinary(content))
        {
            TrustFile.CheckEnd(content);
            return TrustFile.TypeOf(content) == X509ContentType.Cert
                ? [Load(content, "it")]
                : throw new TrustFileFault($"it is {TrustFile.Describe(content, string.Empty)}; certificates are wanted, as PEM or one as DER");
        }

        var blocks = TrustFile.ReadBlocks(content);
        var certificates = new X509Certificate2Collection();
        foreach (var block in blocks)
        {
            if (block.IsCertificate)
            {
                certificates.Add(Load(block.Der, $"line {block.Line}: certificate {certificates.Count + 1}"));
            }
            else if (!block.IsParameters && !(mayHoldKey && block.IsPrivateKey))
            {
                throw Refuse(block);
            }
        }

        return certificates.Count > 0
            ? certificates
            : throw new TrustFileFault($"it holds no certificate, but {string.Join(", ", blocks)}; CERTIFICATE blocks are wanted");
    }

    private static TrustFileFault Refuse(PemBlock block) => TrustFileFault.At(block.Line, block.Label switch
    {
        "TRUSTED CERTIFICATE" => "a certificate with OpenSSL's own trust settings, which nothing else reads; take them off: openssl x509 -in FILE -out FILE.pem",
        "PKCS7" => "PKCS#7; convert it: openssl pkcs7 -in FILE -print_certs -out FILE.pem",
        _ when block.IsPrivateKey => "a private key is among the certificates; this file is read without the care a key needs: take it out, or where certificate and key are one file, name that file in KeyFile too",
        _ => $"a {block.Label} block; certificates are wanted here, and nothing else",
    });

    private static X509Certificate2 Load(byte[] der, string which)
    {
        try
        {
            AsnDecoder.ReadEncodedValue(der, AsnEncodingRules.DER, out _, out _, out var length);
            return length == der.Length
                ? X509CertificateLoader.LoadCertificate(der)
                : throw new TrustFileFault($"{which} has {der.Length - length} bytes behind its end");
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException)
        {
            throw new TrustFileFault($"{which} is not the encoding of a certificate: it was cut off or changed", exception);
        }
    }
}
