using System.Formats.Asn1;
using System.Text;
using ZeroTrust.X509.Internal;
using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

/// <summary>The comparison rules of RFC 5280 section 7.1.</summary>
public sealed class DistinguishedNameTests
{
    [Theory]
    [InlineData("Example", "Example", true)]
    [InlineData("Example", "EXAMPLE", true)]
    [InlineData("Example CA", "  example   ca ", true)]
    [InlineData("Example CA", "ExampleCA", false)]
    [InlineData("Example", "Example 2", false)]
    [InlineData("Ä", "ä", false)]
    [InlineData("Ä", "Ä", true)]
    [InlineData("[", "{", false)]
    [InlineData("", " ", true)]
    public void Text_compares_without_case_and_surplus_spaces(string left, string right, bool areEqual) => Judge(Dn.Cn(left), Dn.Cn(right), areEqual);

    [Theory]
    [InlineData(Dn.Printable)]
    [InlineData(Dn.Ia5)]
    [InlineData(Dn.Teletex)]
    public void Text_compares_whatever_its_type(byte type) => Judge(Typed(type, "Example CA"), Dn.Cn("example ca"), areEqual: true);

    [Fact]
    public void Text_of_wide_characters_compares_with_text_of_octets()
    {
        Judge(Wide(Encoding.BigEndianUnicode.GetBytes("Ärzte")), Dn.Cn("Ärzte"), areEqual: true);
        Judge(Value(0x1C, new UTF32Encoding(bigEndian: true, byteOrderMark: false).GetBytes("Ärzte")), Dn.Cn("Ärzte"), areEqual: true);
        Judge(Value(Dn.Teletex, Encoding.Latin1.GetBytes("Ärzte")), Dn.Cn("Ärzte"), areEqual: true);
    }

    [Fact]
    public void Text_that_cannot_be_decoded_compares_by_its_octets()
    {
        Judge(Value(Dn.Utf8, [0xC3, 0x28]), Value(Dn.Utf8, [0xC3, 0x28]), areEqual: true);
        Judge(Value(Dn.Utf8, [0xC3, 0x28]), Value(Dn.Utf8, [0xC4, 0x28]), areEqual: false);
        Judge(Value(Dn.Utf8, [0xC3, 0x28]), Dn.Cn("\uFFFD("), areEqual: false);
        Judge(Wide([0xD8, 0x00]), Wide([0xD8, 0x01]), areEqual: false);
        Judge(Wide([0xD8, 0x00]), Dn.Cn("\uFFFD"), areEqual: false);
        Judge(Wide([0x41]), Wide([0x42]), areEqual: false);
        Judge(Value(Dn.Printable, [0xE4]), Value(Dn.Printable, [0xE5]), areEqual: false);
    }

    [Fact]
    public void What_is_no_text_compares_by_its_octets()
    {
        Judge(Value(0x04, "a"u8.ToArray()), Value(0x04, "A"u8.ToArray()), areEqual: false);
        Judge(Value(0x04, "a"u8.ToArray()), Dn.Cn("a"), areEqual: false);
    }

    [Fact]
    public void Attributes_of_another_type_are_others() => Judge(Dn.Of((Dn.CommonName, "a")), Dn.Of((Dn.Organization, "a")), areEqual: false);

    [Fact]
    public void The_order_of_RDNs_counts() =>
        Judge(Dn.Of((Dn.Country, "XX"), (Dn.CommonName, "a")), Dn.Of((Dn.CommonName, "a"), (Dn.Country, "XX")), areEqual: false);

    [Fact]
    public void The_order_of_attributes_within_an_RDN_does_not_count()
    {
        var (a, b) = (Dn.Attribute(Dn.CommonName, "a"), Dn.Attribute(Dn.Organization, "b"));

        Judge(Der.Sequence(Dn.Rdn(a, b)), Der.Sequence(Dn.Rdn(b, a)), areEqual: true);
        Judge(Der.Sequence(Dn.Rdn(a, b)), Der.Sequence(Dn.Rdn(a), Dn.Rdn(b)), areEqual: false);
        Judge(Der.Sequence(Dn.Rdn(a, b)), Der.Sequence(Dn.Rdn(a)), areEqual: false);
        Judge(Der.Sequence(Dn.Rdn(a, a)), Der.Sequence(Dn.Rdn(a)), areEqual: false);
    }

    /// <summary>An attribute whose identifier and text spell what two attributes are compared by.</summary>
    [Fact]
    public void One_attribute_is_never_equal_to_two()
    {
        byte[] first = [2, 0x2A, 3, 0x0C, (byte)'a', 0x0C, (byte)'b', (byte)'c'];
        byte[] second = [2, 0x2A, 4, 0x0C, (byte)'d'];
        byte[] spelled = [0, 0, 0, .. first, (byte)second.Length, 0, 0, 0, .. second];
        var one = Der.Sequence(Dn.Rdn(Der.Sequence(Der.Tlv(0x06, spelled[..first.Length]), Der.Tlv(Dn.Utf8, spelled[(first.Length + 1)..]))));
        var two = Der.Sequence(Dn.Rdn(Dn.Attribute("1.2.3", "a\fbc"), Dn.Attribute("1.2.4", "d")));

        Judge(one, two, areEqual: false);
    }

    [Fact]
    public void The_type_of_an_attribute_has_127_octets_and_no_more()
    {
        Read(Typed(127));
        Assert.Throws<AsnContentException>(() => Read(Typed(128)));

        static byte[] Typed(int length) => Der.Sequence(Dn.Rdn(Der.Sequence(Der.Tlv(0x06, [.. Enumerable.Repeat((byte)1, length)]), Der.Text(Dn.Utf8, "a"))));
    }

    [Fact]
    public void A_name_begins_with_itself_its_ancestors_and_the_empty_name()
    {
        var name = Read(Dn.Of((Dn.Country, "XX"), (Dn.Organization, "Example"), (Dn.CommonName, "a")));

        Assert.True(name.BeginsWith(name));
        Assert.True(name.BeginsWith(Read(Dn.Of((Dn.Country, "xx"), (Dn.Organization, "EXAMPLE")))));
        Assert.True(name.BeginsWith(Read(Dn.Empty)));
        Assert.False(name.BeginsWith(Read(Dn.Of((Dn.Organization, "Example")))));
        Assert.False(Read(Dn.Of((Dn.Country, "XX"))).BeginsWith(name));
    }

    [Fact]
    public void A_relative_name_is_one_RDN_more()
    {
        var appended = Read(Dn.Cn("a")).Append(Dn.Attribute(Dn.Organization, "b"));

        Assert.Equal(Read(Dn.Of((Dn.CommonName, "a"), (Dn.Organization, "b"))), appended);
    }

    [Fact]
    public void Only_a_name_without_RDNs_is_empty()
    {
        Assert.True(Read(Dn.Empty).IsEmpty);
        Assert.False(Read(Dn.Cn(string.Empty)).IsEmpty);
        Judge(Dn.Empty, Dn.Cn(string.Empty), areEqual: false);
    }

    [Fact]
    public void Names_are_spelled_for_people() => Assert.Equal("CN=a, O=Example", Read(Dn.Of((Dn.Organization, "Example"), (Dn.CommonName, "a"))).ToString());

    private static void Judge(byte[] left, byte[] right, bool areEqual)
    {
        var (one, other) = (Read(left), Read(right));

        Assert.Equal(areEqual, one.Equals(other));
        Assert.Equal(areEqual, other.Equals(one));
        Assert.Equal(areEqual, one.CanonicalText == other.CanonicalText);
        if (areEqual)
        {
            Assert.Equal(one.GetHashCode(), other.GetHashCode());
        }
    }

    private static DistinguishedName Read(byte[] encoded)
    {
        var reader = new DerReader(encoded);
        return DistinguishedName.Read(ref reader);
    }

    private static byte[] Typed(byte type, string text) => Der.Sequence(Dn.Rdn(Dn.Attribute(Dn.CommonName, text, type)));

    private static byte[] Wide(byte[] value) => Value(Dn.Bmp, value);

    private static byte[] Value(byte type, byte[] value) => Der.Sequence(Dn.Rdn(Der.Sequence(Der.Oid(Dn.CommonName), Der.Tlv(type, value))));
}
