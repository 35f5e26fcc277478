using ZeroTrust.AspNetCore.Listeners;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>What is read of a ClientHello, whole and broken; strangers write it.</summary>
public sealed class ClientOfferTests
{
    [Fact]
    public void Versions_suites_and_protocols_are_read()
    {
        var offer = ClientOffer.Read(Hellos.Make([0x7A7A, 0x0304, 0x0303], [0x1302, 0xC02F], [29], ["h2", "http/1.1"]));

        Assert.Equal(FirstBytes.ClientHello, offer.First);
        Assert.Equal(0x0304, offer.Version);
        Assert.True(offer is { HasSuite13: true, LacksGroups: false, HasAlpn: true, HasHttp11: true, HasHttp2: true });
    }

    [Fact]
    public void Without_the_extension_the_version_is_that_of_the_hello()
    {
        var offer = ClientOffer.Read(Hellos.Make([], [0xC02F]));

        Assert.Equal(0x0303, offer.Version);
        Assert.True(offer is { HasSuite13: false, LacksGroups: false, HasAlpn: false });
    }

    [Fact]
    public void A_hello_cut_anywhere_or_with_a_byte_changed_reads_as_something()
    {
        var hello = Hellos.Make([0x0304], [0x1301], [29], ["h2"]);
        for (var i = 1; i <= hello.Length; i++)
        {
            _ = ClientOffer.Read(hello.AsSpan(0, i));
            foreach (var value in (byte[])[0, 1, 0x7F, 0xFF])
            {
                var changed = (byte[])hello.Clone();
                changed[i - 1] = value;
                _ = ClientOffer.Read(changed);
            }
        }

        Assert.Equal(FirstBytes.PartOfHello, ClientOffer.Read(hello.AsSpan(0, hello.Length - 1)).First);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1", FirstBytes.PlainHttp)]
    [InlineData("OPTIONS * HTTP/1.1", FirstBytes.PlainHttp)]
    [InlineData("PRI * HTTP/2.0\r\n", FirstBytes.PlainHttp2)]
    [InlineData("PROXY TCP4 ", FirstBytes.ProxyHeader)]
    [InlineData("\r\n\r\n\0\r\nQUIT\n!", FirstBytes.ProxyHeader)]
    [InlineData("get / HTTP/1.1", FirstBytes.Other)]
    [InlineData("G", FirstBytes.Other)]
    [InlineData("\u0017\u0003\u0003", FirstBytes.OtherRecord)]
    public void What_is_no_record_of_a_handshake_is_told_apart(string sent, object first) =>
        Assert.Equal(first, ClientOffer.Read(System.Text.Encoding.Latin1.GetBytes(sent)).First);
}
