using System.Net;

namespace ZeroTrust.X509.Tests.Support;

/// <summary>General names, which are also the bases of name constraints.</summary>
internal static class Gn
{
    public static byte[] Other => Der.Tlv(0xA0, Der.Oid("1.2.3"), Der.Tlv(0xA0, Der.Null));

    public static byte[] RegisteredId => Der.Tlv(0x88, [0x2A, 0x03]);

    public static byte[] Email(string mailbox) => Der.Text(0x81, mailbox);

    public static byte[] Dns(string name) => Der.Text(0x82, name);

    public static byte[] Uri(string uri) => Der.Text(0x86, uri);

    public static byte[] Directory(byte[] name) => Der.Tlv(0xA4, name);

    public static byte[] Ip(params byte[] octets) => Der.Tlv(0x87, octets);

    public static byte[] Ip(string address) => Ip(IPAddress.Parse(address).GetAddressBytes());

    public static byte[] Network(string address, string mask) => Ip([.. IPAddress.Parse(address).GetAddressBytes(), .. IPAddress.Parse(mask).GetAddressBytes()]);
}
