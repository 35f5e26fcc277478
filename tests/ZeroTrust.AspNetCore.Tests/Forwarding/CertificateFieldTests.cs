using Microsoft.Extensions.Primitives;
using ZeroTrust.AspNetCore.Forwarding;

namespace ZeroTrust.AspNetCore.Tests.Forwarding;

/// <summary>What RFC 8941 and RFC 9651 let stand in <c>Client-Cert</c> and <c>Client-Cert-Chain</c>, and what not.</summary>
public sealed class CertificateFieldTests
{
    private const string Malformed = "aspnetcore.forwarded_certificate_malformed";

    [Theory]
    [InlineData(":QQ==:", "41", "section 4.2.7")]
    [InlineData(":QQ:", "41", "section 4.2.7: padding is synthesized")]
    [InlineData(":QUI=:", "4142", "section 4.2.7")]
    [InlineData(":QUI:", "4142", "section 4.2.7: padding is synthesized")]
    [InlineData(":QUJD:", "414243", "section 4.2.7")]
    [InlineData(":QUJDRA:", "41424344", "section 4.2.7: padding is synthesized")]
    [InlineData(":QR==:", "41", "section 4.2.7: pad bits that are not zero")]
    [InlineData(":QR:", "41", "section 4.2.7: neither padding nor zero pad bits")]
    [InlineData(":QUJ=:", "4142", "section 4.2.7: pad bits that are not zero")]
    [InlineData(":QUJ:", "4142", "section 4.2.7: neither padding nor zero pad bits")]
    [InlineData(":+/+/:", "fbffbf", "section 3.3.5: the alphabet of RFC 4648 section 4")]
    [InlineData("  :QUJD:  ", "414243", "section 4.2: spaces around an item")]
    public void A_byte_sequence_is_read_as_the_standard_says(string field, string hex, string section)
    {
        Assert.NotEmpty(section);

        var verdict = CertificateField.Read(field, StringValues.Empty);

        Assert.True(verdict.IsAccepted, verdict.Rejection?.Detail);
        Assert.Equal(hex, Convert.ToHexStringLower(verdict.Value.LeafDer.Span));
    }

    [Theory]
    [InlineData(":Q:", "section 4.2.7: no byte has six bits")]
    [InlineData(":QUJDR:", "section 4.2.7: no byte has six bits")]
    [InlineData(":QQ=:", "RFC 4648 section 3.2: padding is whole or absent")]
    [InlineData(":QQ===:", "RFC 4648 section 3.2: padding is whole or absent")]
    [InlineData(":QUI==:", "RFC 4648 section 3.2: padding is whole or absent")]
    [InlineData(":QUJD=:", "RFC 4648 section 3.2: padding is whole or absent")]
    [InlineData(":QUJD====:", "RFC 4648 section 3.2: padding is whole or absent")]
    [InlineData(":QQ==QQ==:", "RFC 4648 section 3.3: padding in the middle")]
    [InlineData(":=:", "section 4.2.7: padding alone")]
    [InlineData(":====:", "section 4.2.7: padding alone")]
    [InlineData("::", "no certificate is empty")]
    [InlineData(":QU JD:", "section 4.2.7: white space inside")]
    [InlineData(":QU\tJD:", "section 4.2.7: white space inside")]
    [InlineData(":QUJD\n:", "section 4.2.7: white space inside")]
    [InlineData("\t:QUJD:", "section 4.2: only spaces around an item")]
    [InlineData(":QU-_:", "section 3.3.5: the alphabet of URLs")]
    [InlineData(":QUJD", "section 4.2.7: no colon at the end")]
    [InlineData("QUJD:", "section 4.2.7: no colon at the beginning")]
    [InlineData("QUJD", "section 3.3.4: a token")]
    [InlineData("\"QUJD\"", "section 3.3.3: a string")]
    [InlineData("?1", "section 3.3.6: a boolean")]
    [InlineData("42", "section 3.3.1: an integer")]
    [InlineData("@1659578233", "RFC 9651 section 3.3.7: a date")]
    [InlineData("%\"QUJD\"", "RFC 9651 section 3.3.8: a display string")]
    [InlineData(":QUJD:;a", "section 3.1.2: parameters, of which RFC 9440 has none")]
    [InlineData(":QUJD:;a=1", "section 3.1.2: parameters, of which RFC 9440 has none")]
    [InlineData(":QUJD: ;a=1", "section 3.1.2: parameters, of which RFC 9440 has none")]
    [InlineData(":QUJD:, :QUJD:", "section 4.2: a list in place of an item")]
    [InlineData(":QUJD: :QUJD:", "section 4.2: two items")]
    [InlineData("(:QUJD:)", "section 3.1.1: an inner list")]
    [InlineData("a=:QUJD:", "section 3.2: a dictionary")]
    [InlineData("", "section 4.2: nothing")]
    public void Whatever_else_stands_in_the_field_is_malformed(string field, string section)
    {
        Assert.NotEmpty(section);

        Assert.Equal(Malformed, CertificateField.Read(field, StringValues.Empty).Rejection?.Code);
    }

    [Theory]
    [InlineData(":QQ:", "41")]
    [InlineData(":QQ:,:QUI:", "41 4142")]
    [InlineData(":QQ: , \t:QUI=:", "41 4142")]
    [InlineData(":QR:\t,:QUJD:", "41 414243")]
    public void A_chain_is_a_list_of_them(string chain, string hex)
    {
        var certificates = CertificateField.Read(":QUJD:", chain).GetOrThrow();

        Assert.Equal(hex, string.Join(' ', certificates.IntermediatesDer.Select(der => Convert.ToHexStringLower(der.Span))));
    }

    [Fact]
    public void Lines_of_a_chain_are_joined() =>
        Assert.Equal(2, CertificateField.Read(":QUJD:", new StringValues([":QQ:", ":QUI:"])).GetOrThrow().IntermediatesDer.Count);

    [Theory]
    [InlineData(":QQ:,", "section 4.2.1: a comma at the end")]
    [InlineData(",:QQ:", "section 4.2.1: a comma at the beginning")]
    [InlineData(":QQ:,,:QUI:", "section 4.2.1: an empty member")]
    [InlineData(":QQ:;a=1", "section 3.1.2: parameters, of which RFC 9440 has none")]
    [InlineData("(:QQ:)", "section 3.1.1: an inner list")]
    [InlineData(":QQ=:", "RFC 4648 section 3.2: padding is whole or absent")]
    public void Whatever_else_stands_in_a_chain_is_malformed(string chain, string section)
    {
        Assert.NotEmpty(section);

        Assert.Equal(Malformed, CertificateField.Read(":QUJD:", chain).Rejection?.Code);
    }

    [Theory]
    [InlineData(":QUJD:;a=1", "parameters")]
    [InlineData(":QUJD:, :QUJD:", "a list")]
    public void A_refusal_says_what_stands_there(string field, string what) =>
        Assert.Contains(what, CertificateField.Read(field, StringValues.Empty).Rejection?.Detail, StringComparison.Ordinal);
}
