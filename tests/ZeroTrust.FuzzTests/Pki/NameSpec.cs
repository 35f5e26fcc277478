using System.Formats.Asn1;
using System.Text;

namespace ZeroTrust.FuzzTests.Pki;

/// <summary>One GeneralName (RFC 5280 section 4.2.1.6): tag number and content.</summary>
internal sealed record NameSpec(int Number, byte[] Content)
{
    private const int DirectoryNumber = 4;

    public static NameSpec Email(string text) => new(1, Encoding.ASCII.GetBytes(text));

    public static NameSpec Dns(string text) => new(2, Encoding.ASCII.GetBytes(text));

    public static NameSpec Directory(byte[] name) => new(DirectoryNumber, name);

    public static NameSpec Uri(string text) => new(6, Encoding.ASCII.GetBytes(text));

    /// <summary>An address, or an address and a mask.</summary>
    public static NameSpec Ip(params byte[] octets) => new(7, octets);

    public void Write(AsnWriter writer)
    {
        var tag = new Asn1Tag(TagClass.ContextSpecific, Number);
        if (Number == DirectoryNumber)
        {
            using (writer.PushSequence(tag))
            {
                writer.WriteEncodedValue(Content);
            }
        }
        else
        {
            writer.WriteOctetString(Content, tag);
        }
    }
}
