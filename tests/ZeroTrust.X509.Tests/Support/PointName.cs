using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509.Internal;

namespace ZeroTrust.X509.Tests.Support;

/// <summary>Names and reasons of distribution points.</summary>
internal static class PointName
{
    public static byte[] Full(params byte[][] names) => Der.Tlv(0xA0, names);

    public static byte[] Uri(string uri) => Full(Gn.Uri(uri));

    public static byte[] Directory(string name) => Full(Gn.Directory(new X500DistinguishedName(name).RawData));

    /// <summary>One relative to the issuer of the CRL.</summary>
    public static byte[] Relative(string commonName) => Der.Tlv(0xA1, Dn.Attribute(Dn.CommonName, commonName));

    public static byte[] Reasons(int number, ReasonFlags? reasons)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        if (reasons is { } flags)
        {
            writer.WriteNamedBitList(flags, new Asn1Tag(TagClass.ContextSpecific, number));
        }

        return writer.Encode();
    }
}
