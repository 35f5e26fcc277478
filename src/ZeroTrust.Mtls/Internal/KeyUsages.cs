using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Internal;

/// <summary>Finds the key usage of a certificate (RFC 5280 section 4.2.1.3), which has been read as DER before.</summary>
internal static class KeyUsages
{
    private const string KeyUsageOid = "2.5.29.15";
    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 3);

    /// <returns>The extension; null when there is none.</returns>
    public static X509KeyUsageExtension? Find(Certificate certificate)
    {
        var tbs = new AsnReader(certificate.Der, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        while (tbs.HasData && !tbs.PeekTag().HasSameClassAndValue(ExtensionsTag))
        {
            tbs.ReadEncodedValue();
        }

        return tbs.HasData ? FindAmong(tbs.ReadSequence(ExtensionsTag).ReadSequence()) : null;
    }

    private static X509KeyUsageExtension? FindAmong(AsnReader extensions)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            if (extension.ReadObjectIdentifier() == KeyUsageOid)
            {
                var isCritical = extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
                return new X509KeyUsageExtension(new AsnEncodedData(KeyUsageOid, extension.ReadOctetString()), isCritical);
            }
        }

        return null;
    }
}
