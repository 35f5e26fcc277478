using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509;

namespace ZeroTrust.Tool.Internal;

/// <summary>
/// Binary files (DER) that people take for a certificate. What begins as a certificate does is the peer's, however damaged: TLS refuses it.
/// </summary>
internal static class WrongBinary
{
    private const byte IndefiniteOrLong = 0x80;

    /// <summary>What it is and the command that converts it; null where it may be a certificate.</summary>
    public static string? Describe(ReadOnlySpan<byte> content) => Inner(content) switch
    {
        [0x02, 1, 3, 0x30, ..] => "PKCS#12 (PFX); take its certificates out: openssl pkcs12 -in FILE -nokeys -out FILE.pem",
        [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, _, ..] => "PKCS#7; convert it: openssl pkcs7 -inform DER -in FILE -print_certs -out FILE.pem",
        [0x02, 1, 0 or 1, ..] => "a private key as DER, which is never sent; the certificate is in another file",
        _ when CertificateRevocationList.Read(content.ToArray()).IsAccepted => "a CRL as DER, which goes with --crl",
        _ when IsRequest(content) => "a request for a certificate as DER; the CA answers it with the certificate",
        _ => null,
    };

    // What stands in the outer SEQUENCE, also of a file that was cut off.
    private static ReadOnlySpan<byte> Inner(ReadOnlySpan<byte> content)
    {
        var header = content[1] <= IndefiniteOrLong ? 2 : 2 + (content[1] & 0x7F);
        return header < content.Length ? content[header..] : [];
    }

    private static bool IsRequest(ReadOnlySpan<byte> content)
    {
        try
        {
            _ = CertificateRequest.LoadSigningRequest(
                content, HashAlgorithmName.SHA256, out _, CertificateRequestLoadOptions.SkipSignatureValidation);
            return true;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
