using System.Formats.Asn1;
using System.Security.Cryptography;
using ZeroTrust.Shared;

namespace ZeroTrust.X509.Internal;

/// <summary>Names a certificate in a message: its subject as a log may hold it, and its SHA-256.</summary>
internal static class CertificateText
{
    private const byte VersionTag = 0xA0;

    public static string Of(Certificate certificate) =>
        $"'{LogText.Fact(certificate.SubjectName)}' (SHA-256 {Convert.ToHexStringLower(certificate.Sha256.Span)})";

    /// <summary>Bytes that are no certificate: their subject, as far as they can be read.</summary>
    public static string OfMalformed(ReadOnlyMemory<byte> der) => Describe(der, FindSubject, "subject");

    /// <summary>Bytes that are no CRL: their issuer, as far as they can be read.</summary>
    public static string OfMalformedCrl(ReadOnlyMemory<byte> der) => Describe(der, FindCrlIssuer, "issuer");

    private static string Describe(ReadOnlyMemory<byte> der, Func<ReadOnlyMemory<byte>, DistinguishedName> find, string what)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(der.Span));
        try
        {
            return $"'{LogText.Fact(find(der).ToString())}' (SHA-256 {hash})";
        }
        catch (AsnContentException)
        {
            return $"without a readable {what} ({der.Length} bytes, SHA-256 {hash})";
        }
    }

    private static DistinguishedName FindSubject(ReadOnlyMemory<byte> der)
    {
        var certificate = new DerReader(der).ReadInner(DerReader.Sequence);
        var tbs = certificate.ReadInner(DerReader.Sequence);
        tbs.TryRead(VersionTag, out _);
        for (var field = 0; field < 4; field++)
        {
            // The serial number, the algorithm, the issuer and the validity, whatever they are.
            tbs.ReadAny(out _, out _);
        }

        return DistinguishedName.Read(ref tbs);
    }

    private static DistinguishedName FindCrlIssuer(ReadOnlyMemory<byte> der)
    {
        var list = new DerReader(der).ReadInner(DerReader.Sequence);
        var tbs = list.ReadInner(DerReader.Sequence);
        tbs.TryRead(DerReader.Integer, out _);
        tbs.ReadAny(out _, out _);
        return DistinguishedName.Read(ref tbs);
    }
}
