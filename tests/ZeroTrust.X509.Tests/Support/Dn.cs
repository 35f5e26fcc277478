namespace ZeroTrust.X509.Tests.Support;

/// <summary>Distinguished names.</summary>
internal static class Dn
{
    public const string CommonName = "2.5.4.3";
    public const string Country = "2.5.4.6";
    public const string Organization = "2.5.4.10";
    public const string EmailAddress = "1.2.840.113549.1.9.1";
    public const byte Utf8 = 0x0C;
    public const byte Printable = 0x13;
    public const byte Teletex = 0x14;
    public const byte Ia5 = 0x16;
    public const byte Bmp = 0x1E;

    public static byte[] Empty => Der.Sequence();

    /// <summary>One common name.</summary>
    public static byte[] Cn(string name) => Of((CommonName, name));

    /// <summary>Single-valued RDNs of UTF8String, the root first.</summary>
    public static byte[] Of(params (string Oid, string Value)[] attributes) =>
        Der.Sequence([.. attributes.Select(attribute => Rdn(Attribute(attribute.Oid, attribute.Value)))]);

    public static byte[] Rdn(params byte[][] attributes) => Der.Set(attributes);

    public static byte[] Attribute(string oid, string value, byte tag = Utf8) => Der.Sequence(Der.Oid(oid), Der.Text(tag, value));
}
