using System.Net;
using System.Security.Cryptography;
using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

/// <summary>The frame of a certificate; its extensions are in <see cref="ExtensionReaderTests"/>.</summary>
public sealed class CertificateTests
{
    private static readonly byte[] Good = Leaf().SelfSigned().Der;

    [Fact]
    public void What_a_certificate_says_can_be_read()
    {
        var certificate = Leaf()
            .Serial(0x12, 0x34)
            .With(Ext.SubjectAltName(Gn.Dns("A.example.com"), Gn.Uri("spiffe://example.com/a"), Gn.Email("a@example.com"), Gn.Ip("192.0.2.1"), Gn.Ip("2001:db8::1")))
            .SelfSigned();
        var read = certificate.ShouldRead();

        Assert.Equal(certificate.Der, read.Der.ToArray());
        Assert.Equal(SHA256.HashData(certificate.Der), read.Sha256.ToArray());
        Assert.Equal([0x12, 0x34], read.Serial.ToArray());
        Assert.Equal(CertificateForge.NotBefore, read.NotBefore);
        Assert.Equal(CertificateForge.NotAfter, read.NotAfter);
        Assert.Equal("CN=Leaf", read.SubjectName);
        Assert.Equal("CN=Leaf", read.IssuerName);
        Assert.Equal(["A.example.com"], read.DnsNames);
        Assert.Equal(["spiffe://example.com/a"], read.UriNames);
        Assert.Equal(["a@example.com"], read.EmailNames);
        Assert.Equal([IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")], read.IpAddresses);
        Assert.True(read.IsSelfIssued);
        Assert.False(read.IsCa);
    }

    [Fact]
    public void A_purpose_is_held_when_it_is_named()
    {
        var server = Leaf().With(Ext.ExtendedKeyUsage(KeyPurposes.ServerAuth)).SelfSigned().ShouldRead();

        Assert.True(server.HoldsPurpose(KeyPurposes.ServerAuth));
        Assert.False(server.HoldsPurpose(KeyPurposes.ClientAuth));
        Assert.False(Leaf().With(Ext.ExtendedKeyUsage("2.5.29.37.0")).SelfSigned().ShouldRead().HoldsPurpose(KeyPurposes.ServerAuth));
        Assert.False(Leaf().Raw(TbsField.Extensions, []).SelfSigned().ShouldRead().HoldsPurpose(KeyPurposes.ServerAuth));
    }

    [Fact]
    public void Certificates_without_extensions_are_read()
    {
        var read = Leaf().Raw(TbsField.Extensions, []).SelfSigned().ShouldRead();

        Assert.Empty(read.DnsNames);
        Assert.False(read.IsCa);
    }

    [Fact]
    public void Unique_identifiers_are_passed_over()
    {
        var uniqueIds = new byte[][] { Der.Tlv(0x81, [0, 1]), Der.Tlv(0x82, [0, 1]) };

        Leaf().Raw(TbsField.Extensions, [.. uniqueIds[0], .. uniqueIds[1]]).SelfSigned().ShouldRead();
        Leaf().Raw(TbsField.Extensions, [.. uniqueIds[1], .. uniqueIds[0]]).SelfSigned().ShouldBeMalformed();
    }

    [Fact]
    public void Nothing_is_no_certificate() => Array.Empty<byte>().ShouldBeMalformed();

    [Fact]
    public void No_part_of_a_certificate_is_one()
    {
        for (var length = 1; length < Good.Length; length++)
        {
            Good[..length].ShouldBeMalformed();
        }
    }

    [Fact]
    public void Data_after_the_certificate_is_malformed() => ((byte[])[.. Good, 0]).ShouldBeMalformed();

    [Fact]
    public void Data_after_the_signature_is_malformed() => Reframed(content => [.. content, .. Der.Null]).ShouldBeMalformed();

    [Fact]
    public void Data_after_the_extensions_is_malformed() => Leaf().Raw(TbsField.Extensions, [.. ExtensionsOf(Ext.NoCa.Encode()), .. Der.Null]).SelfSigned().ShouldBeMalformed();

    [Fact]
    public void Indefinite_lengths_are_malformed() => ((byte[])[0x30, 0x80, .. ContentOf(Good), 0, 0]).ShouldBeMalformed();

    [Fact]
    public void Lengths_in_more_octets_than_needed_are_malformed() =>
        ((byte[])[0x30, 0x83, 0, (byte)(ContentOf(Good).Length >> 8), (byte)ContentOf(Good).Length, .. ContentOf(Good)]).ShouldBeMalformed();

    [Fact]
    public void The_default_version_is_not_spelled_out() => Leaf().Raw(TbsField.Version, Der.Tlv(0xA0, Der.Integer(0))).SelfSigned().ShouldBeMalformed();

    [Fact]
    public void Data_after_the_version_is_malformed() => Leaf().Raw(TbsField.Version, Der.Tlv(0xA0, Der.Integer(2), Der.Null)).SelfSigned().ShouldBeMalformed();

    [Theory]
    [InlineData("0200")]
    [InlineData("02020001")]
    [InlineData("0202FF80")]
    [InlineData("030101")]
    public void Serial_numbers_that_are_no_minimal_INTEGER_are_malformed(string serial) =>
        Leaf().Raw(TbsField.Serial, Convert.FromHexString(serial)).SelfSigned().ShouldBeMalformed();

    [Theory]
    [InlineData("300D060B2A864886F70D01010B80010500")]
    [InlineData("300806062A8648CE3D80")]
    [InlineData("30020600")]
    [InlineData("3000")]
    public void Algorithms_without_a_sound_identifier_are_malformed(string identifier) =>
        Leaf().OuterAlgorithm(Convert.FromHexString(identifier)).SelfSigned().ShouldBeMalformed();

    [Fact]
    public void Signatures_are_whole_octets()
    {
        Reframed(content => [.. content[..^SignatureOf(content).Length], .. Der.Tlv(0x03, [1], [0x30])]).ShouldBeMalformed();
        Reframed(content => [.. content[..^SignatureOf(content).Length], .. Der.Tlv(0x03)]).ShouldBeMalformed();
        Reframed(content => [.. content[..^SignatureOf(content).Length], .. Der.BitString([0x30])]).ShouldRead();
    }

    [Theory]
    [InlineData("300101000000Z")]
    [InlineData("991231235959Z")]
    public void Times_in_two_digits_have_seconds_and_end_in_Z(string time) => WithTimes(0x17, time).ShouldRead();

    [Theory]
    [InlineData("3001010000Z")]
    [InlineData("300101000000")]
    [InlineData("300101000000+0100")]
    [InlineData("300101000000.5Z")]
    [InlineData("301301000000Z")]
    [InlineData("300230000000Z")]
    [InlineData("300101240000Z")]
    [InlineData("300101000060Z")]
    public void Other_times_in_two_digits_are_malformed(string time) => WithTimes(0x17, time).ShouldBeMalformed();

    [Theory]
    [InlineData("20500101000000Z")]
    [InlineData("99991231235959Z")]
    public void Times_in_four_digits_have_seconds_and_end_in_Z(string time) => WithTimes(0x18, time).ShouldRead();

    [Theory]
    [InlineData("205001010000Z")]
    [InlineData("20500101000000")]
    [InlineData("20500101000000.5Z")]
    [InlineData("20500101000000+0100")]
    [InlineData("20501301000000Z")]
    public void Other_times_in_four_digits_are_malformed(string time) => WithTimes(0x18, time).ShouldBeMalformed();

    [Theory]
    [InlineData("490101000000Z", 2049)]
    [InlineData("500101000000Z", 1950)]
    public void Two_digits_mean_the_years_from_1950_to_2049(string time, int year) => Assert.Equal(year, WithTimes(0x17, time).ShouldRead().NotBefore.Year);

    [Fact]
    public void A_validity_of_three_times_is_malformed()
    {
        var time = Der.Time(Trial.Noon);

        Leaf().Raw(TbsField.Validity, Der.Sequence(time, time, time)).SelfSigned().ShouldBeMalformed();
        Leaf().Raw(TbsField.Validity, Der.Sequence(time)).SelfSigned().ShouldBeMalformed();
    }

    [Fact]
    public void An_empty_list_of_extensions_is_malformed() => Leaf().Raw(TbsField.Extensions, ExtensionsOf([])).SelfSigned().ShouldBeMalformed();

    [Fact]
    public void A_repeated_extension_is_malformed()
    {
        Leaf().Again(Ext.SubjectAltName(Gn.Dns("b.example.com"))).SelfSigned().ShouldBeMalformed();
        Leaf().With(Ext.SubjectAltName(Gn.Dns("b.example.com"))).SelfSigned().ShouldRead();
    }

    [Fact]
    public void A_repeated_unknown_extension_is_malformed()
    {
        var unknown = new ForgedExtension("1.2.3.4", Der.Null);

        Leaf().Again(unknown).Again(unknown).SelfSigned().ShouldBeMalformed();
        Leaf().Again(unknown).Again(unknown with { Oid = "1.2.3.5" }).SelfSigned().ShouldRead();
    }

    [Fact]
    public void More_than_64_extensions_are_malformed()
    {
        WithExtensions(64).ShouldRead();
        WithExtensions(65).ShouldBeMalformed();

        static ForgedCertificate WithExtensions(int count) => Leaf()
            .Raw(TbsField.Extensions, ExtensionsOf([.. Enumerable.Range(0, count).SelectMany(i => new ForgedExtension($"1.2.3.{i}", Der.Null).Encode())]))
            .SelfSigned();
    }

    [Fact]
    public void An_extension_does_not_say_that_it_is_not_critical()
    {
        byte[] Extension(params byte[] critical) => ExtensionsOf(Der.Sequence(Der.Oid("1.2.3.4"), critical, Der.OctetString(Der.Null)));

        Leaf().Raw(TbsField.Extensions, Extension(0x01, 0x01, 0x00)).SelfSigned().ShouldBeMalformed();
        Leaf().Raw(TbsField.Extensions, Extension(0x01, 0x01, 0x01)).SelfSigned().ShouldBeMalformed();
        Leaf().Raw(TbsField.Extensions, Extension(0x01, 0x01, 0xFF)).SelfSigned().ShouldRead();
        Leaf().Raw(TbsField.Extensions, Extension()).SelfSigned().ShouldRead();
    }

    [Fact]
    public void Names_are_sets_of_attributes()
    {
        Leaf().Subject(Der.Sequence(Der.Set())).SelfSigned().ShouldBeMalformed();
        Leaf().Subject(Der.Sequence(Der.Set(Der.Sequence(Der.Oid(Dn.CommonName))))).SelfSigned().ShouldBeMalformed();
        Leaf().Subject(Der.Sequence(Dn.Attribute(Dn.CommonName, "Leaf"))).SelfSigned().ShouldBeMalformed();
        Leaf().Subject(Dn.Cn("Leaf")).SelfSigned().ShouldRead();
    }

    [Fact]
    public void Keys_are_an_algorithm_and_whole_octets()
    {
        Leaf().KeyInfo(Der.Sequence(ForgeKey.AlgorithmOf("1.2.3"), Der.Tlv(0x03, [4], [0x10]))).SelfSigned().ShouldBeMalformed();
        Leaf().KeyInfo(Der.Sequence(ForgeKey.AlgorithmOf("1.2.3", [.. Der.Null, .. Der.Null]), Der.BitString([1]))).SelfSigned().ShouldBeMalformed();
        Leaf().KeyInfo(Der.Sequence(ForgeKey.AlgorithmOf("1.2.3", Der.Null), Der.BitString([1]))).SelfSigned().ShouldRead();
    }

    [Fact]
    public void Tag_numbers_beyond_30_are_malformed() =>
        Leaf().Subject(Der.Sequence(Der.Set(Der.Sequence(Der.Oid(Dn.CommonName), [0x1F, 0x1F, 0x01, 0x41])))).SelfSigned().ShouldBeMalformed();

    private static CertificateForge Leaf() => CertificateForge.Leaf();

    private static ForgedCertificate WithTimes(byte tag, string time) => Leaf().Raw(TbsField.Validity, Der.Sequence(Der.Text(tag, time), Der.Text(tag, time))).SelfSigned();

    private static byte[] ExtensionsOf(byte[] items) => Der.Tlv(0xA3, Der.Sequence(items));

    private static byte[] Reframed(Func<byte[], byte[]> change) => Der.Sequence(change(ContentOf(Good)));

    private static byte[] ContentOf(byte[] certificate) => certificate[4..];

    private static byte[] SignatureOf(byte[] content)
    {
        var signed = 4 + ((content[2] << 8) | content[3]);
        return content[(signed + 2 + content[signed + 1])..];
    }
}
