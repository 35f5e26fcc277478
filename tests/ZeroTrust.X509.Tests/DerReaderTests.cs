using System.Formats.Asn1;
using ZeroTrust.X509.Internal;

namespace ZeroTrust.X509.Tests;

public sealed class DerReaderTests
{
    [Theory]
    [InlineData("020100", 0)]
    [InlineData("02017F", 127)]
    [InlineData("02020080", 128)]
    [InlineData("02047FFFFFFF", int.MaxValue)]
    [InlineData("02050080000000", int.MaxValue)]
    [InlineData("020900FFFFFFFFFFFFFFFF", int.MaxValue)]
    [InlineData("020D00FFFFFFFFFFFFFFFFFFFFFFFF", int.MaxValue)]
    public void Counts_are_read_and_stop_at_the_largest(string hex, int count) => Assert.Equal(count, Of(hex).ReadCount());

    [Theory]
    [InlineData("0201FF")]
    [InlineData("020180")]
    [InlineData("02020000")]
    [InlineData("0202007F")]
    [InlineData("0200")]
    [InlineData("0A0100")]
    public void What_is_no_count_is_malformed(string hex) => Assert.Throws<AsnContentException>(() => Of(hex).ReadCount());

    [Theory]
    [InlineData("03020780", 0b1)]
    [InlineData("03020106", 0b110_0000)]
    [InlineData("0303070080", 0b1_0000_0000)]
    [InlineData("030100", 0)]
    public void The_first_named_bit_is_the_lowest(string hex, int bits) => Assert.Equal(bits, Of(hex).ReadNamedBits());

    [Fact]
    public void A_value_reaches_as_far_as_its_length_says()
    {
        Assert.Equal([0x05, 0x00], Of("04020500").Read(DerReader.OctetString).ToArray());
        Assert.Throws<AsnContentException>(() => Of("04030500").Read(DerReader.OctetString));
    }

    [Fact]
    public void An_optional_value_of_another_tag_is_left_alone()
    {
        var reader = Of("0500");

        Assert.False(reader.TryRead(DerReader.Integer, out _));
        Assert.True(reader.TryRead(0x05, out _));
        Assert.False(reader.HasData);
    }

    [Theory]
    [InlineData("2A03", true)]
    [InlineData("2A8103", true)]
    [InlineData("2A80", false)]
    [InlineData("2A8003", false)]
    [InlineData("802A", false)]
    [InlineData("2A83", false)]
    [InlineData("", false)]
    public void Identifiers_end_and_have_no_padding(string hex, bool isWellFormed) => Assert.Equal(isWellFormed, Oids.IsWellFormed(Convert.FromHexString(hex)));

    private static DerReader Of(string hex) => new(Convert.FromHexString(hex));
}
