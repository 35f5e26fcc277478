using System.Buffers.Text;
using System.Security.Cryptography;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Sources;

/// <summary>CRLs as PEM, one or several, or as one DER CRL.</summary>
internal static class CrlFile
{
    /// <summary>A CRL of a million entries is about 40 MB.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    private const byte Sequence = 0x30;

    private static ReadOnlySpan<byte> Label => "X509 CRL"u8;

    /// <exception cref="FormatException">The content is neither, or holds a CRL that would never be used.</exception>
    public static IReadOnlyList<CertificateRevocationList> Read(byte[] content)
    {
        if (content.AsSpan().StartsWith(Sequence))
        {
            return [ReadOne(content)];
        }

        var crls = new List<CertificateRevocationList>();
        var rest = content.AsSpan();
        while (PemEncoding.TryFindUtf8(rest, out var pem))
        {
            if (!rest[pem.Label].SequenceEqual(Label))
            {
                throw new FormatException("It holds something that is no CRL.");
            }

            var der = new byte[pem.DecodedDataLength];
            Base64.DecodeFromUtf8(rest[pem.Base64Data], der, out _, out _);
            crls.Add(ReadOne(der));
            rest = rest[pem.Location.End..];
        }

        return crls.Count > 0 ? crls : throw new FormatException("It holds no CRL, neither as PEM nor as DER.");
    }

    private static CertificateRevocationList ReadOne(byte[] der)
    {
        if (!CertificateRevocationList.Read(der).TryGet(out var crl, out var rejection))
        {
            throw new FormatException(rejection.Detail);
        }

        return crl.Defect is { } defect ? throw new FormatException($"The CRL {crl} is of no use because {defect}.") : crl;
    }
}
