using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

public sealed class NameConstraintsReaderTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("example.com", true)]
    [InlineData("com", true)]
    [InlineData(".example.com", false)]
    [InlineData("*.example.com", false)]
    [InlineData("example.com.", false)]
    [InlineData("a_b.example.com", false)]
    [InlineData("example..com", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("https://example.com", false)]
    public void A_DNS_base_is_a_domain(string value, bool isMeaningful) => Judge(Gn.Dns(value), isMeaningful);

    [Theory]
    [InlineData("", true)]
    [InlineData("example.com", true)]
    [InlineData(".example.com", true)]
    [InlineData("ops@example.com", true)]
    [InlineData("@example.com", false)]
    [InlineData("ops@", false)]
    [InlineData("ops@.example.com", false)]
    [InlineData("..example.com", false)]
    [InlineData(".", false)]
    public void A_mailbox_base_is_a_mailbox_a_host_or_a_domain(string value, bool isMeaningful) => Judge(Gn.Email(value), isMeaningful);

    [Theory]
    [InlineData("", true)]
    [InlineData("example.com", true)]
    [InlineData(".example.com", true)]
    [InlineData("https://example.com", false)]
    [InlineData("example.com/path", false)]
    [InlineData("example.com:443", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData(".", false)]
    public void A_URI_base_is_a_host_or_a_domain(string value, bool isMeaningful) => Judge(Gn.Uri(value), isMeaningful);

    [Theory]
    [InlineData("C0000200FFFFFF00", true)]
    [InlineData("0000000000000000", true)]
    [InlineData("C0000201FFFFFFFF", true)]
    [InlineData("C0000200FFFFFE00", true)]
    [InlineData("C0000200FFFF00FF", false)]
    [InlineData("C0000200FFFFFD00", false)]
    [InlineData("C000020000FFFFFF", false)]
    [InlineData("C0000200", false)]
    [InlineData("", false)]
    [InlineData("C0000200FFFFFF0000", false)]
    [InlineData("20010DB8000000000000000000000000FFFFFFFF000000000000000000000000", true)]
    [InlineData("20010DB8000000000000000000000000FFFFFFFF000000000000000000000001", false)]
    [InlineData("20010DB8000000000000000000000000", false)]
    public void An_address_base_is_an_address_and_a_mask_without_a_gap(string value, bool isMeaningful) => Judge(Gn.Ip(Convert.FromHexString(value)), isMeaningful);

    [Fact]
    public void Bases_of_kinds_we_do_not_compare_are_read()
    {
        Judge(Gn.Other, isMeaningful: true);
        Judge(Gn.RegisteredId, isMeaningful: true);
        Judge(Gn.Directory(Dn.Empty), isMeaningful: true);
    }

    private static void Judge(byte[] item, bool isMeaningful)
    {
        foreach (var constraints in new[] { Ext.Permitted(item), Ext.Excluded(item), Ext.Excluded(Gn.Dns("example.com"), item) })
        {
            var ca = CertificateForge.Ca("CA").With(constraints).SelfSigned();
            if (isMeaningful)
            {
                ca.ShouldRead();
            }
            else
            {
                ca.ShouldBeMalformed();
            }
        }
    }
}
