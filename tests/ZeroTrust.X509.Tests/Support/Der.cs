using System.Formats.Asn1;
using System.Numerics;
using System.Text;

namespace ZeroTrust.X509.Tests.Support;

/// <summary>DER put together by hand, so that it can also be wrong.</summary>
internal static class Der
{
    public static byte[] Null => [0x05, 0x00];

    public static byte[] True => [0x01, 0x01, 0xFF];

    /// <summary>One value: the tag, the length in its shortest form, and the parts one after the other.</summary>
    public static byte[] Tlv(byte tag, params byte[][] parts)
    {
        byte[] content = [.. parts.SelectMany(part => part)];
        byte[] length = content.Length switch
        {
            < 0x80 => [(byte)content.Length],
            < 0x100 => [0x81, (byte)content.Length],
            < 0x1_0000 => [0x82, (byte)(content.Length >> 8), (byte)content.Length],
            _ => [0x83, (byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length],
        };
        return [tag, .. length, .. content];
    }

    public static byte[] Sequence(params byte[][] parts) => Tlv(0x30, parts);

    public static byte[] Set(params byte[][] parts) => Tlv(0x31, parts);

    public static byte[] OctetString(byte[] content) => Tlv(0x04, content);

    public static byte[] BitString(byte[] octets) => Tlv(0x03, [0], octets);

    public static byte[] Integer(BigInteger value) => Tlv(0x02, value.ToByteArray(isBigEndian: true));

    public static byte[] Text(byte tag, string text) => Tlv(tag, Encoding.UTF8.GetBytes(text));

    public static byte[] Oid(string dotted)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(dotted);
        return writer.Encode();
    }

    /// <summary>UTCTime through 2049 and GeneralizedTime from 2050 on (RFC 5280 section 4.1.2.5).</summary>
    public static byte[] Time(DateTimeOffset time)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        if (time.Year is >= 1950 and < 2050)
        {
            writer.WriteUtcTime(time);
        }
        else
        {
            writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
        }

        return writer.Encode();
    }
}
