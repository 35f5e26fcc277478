using System.Formats.Asn1;
using ZeroTrust.X509.Internal;

namespace ZeroTrust.X509;

/// <summary>A CRL, read and not yet trusted (RFC 5280 section 5). Immutable; finding a serial number costs O(log n).</summary>
public sealed class CertificateRevocationList
{
    private CertificateRevocationList(ReadOnlyMemory<byte> der)
    {
        Der = der;
        throw new AsnContentException("Not read yet.");
    }

    /// <summary>The encoding.</summary>
    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>Reads a CRL.</summary>
    /// <param name="der">The encoding, kept and not copied: it must not change afterwards.</param>
    /// <returns>The CRL, or <c>x509.malformed</c>.</returns>
    public static Verdict<CertificateRevocationList> Read(ReadOnlyMemory<byte> der)
    {
        try
        {
            return new CertificateRevocationList(der);
        }
        catch (AsnContentException exception)
        {
            return X509Rejections.Refuse(X509RejectionReason.Malformed, $"Not a CRL: {exception.Message}");
        }
    }
}
