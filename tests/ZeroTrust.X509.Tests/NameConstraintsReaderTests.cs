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
    [InlineData("a@b@example.com", false)]
    [InlineData("o ps@example.com", false)]
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

    /// <summary>As tools write it for "all below" (golang/go#16347).</summary>
    [Fact]
    public void A_base_without_a_meaning_is_told_with_its_CA_and_the_rule()
    {
        var trial = Trial.Of(ca: ca => ca.With(Ext.Permitted(Gn.Dns(".example.com"))));
        var rejection = trial.ShouldRefuse(X509RejectionReason.NameConstraintsInvalid);

        Assert.Contains("permitted base Dns '.example.com' begins with a dot", rejection.Detail, StringComparison.Ordinal);
        Assert.Contains("RFC 5280 section 4.2.1.10", rejection.Detail, StringComparison.Ordinal);
        Assert.Contains("certificate 2 of 2 as sent, 'CN=CA'", rejection.Detail, StringComparison.Ordinal);
        Trial.Of(ca: ca => ca.With(Ext.Permitted(Gn.Dns("example.com")))).ShouldPass();
    }

    [Fact]
    public void A_base_without_a_meaning_refuses_wherever_it_stands_on_the_path()
    {
        var constraints = Ext.Excluded(Gn.Dns(".evil.example"));

        Assert.Contains("This is the anchor", Trial.Of(root: root => root.With(constraints)).ShouldRefuse(X509RejectionReason.NameConstraintsInvalid).Detail, StringComparison.Ordinal);
        Trial.Of(leaf: leaf => leaf.With(constraints)).ShouldRefuse(X509RejectionReason.NameConstraintsInvalid);
        Trial.Of(ca: ca => ca.With(constraints.NotCritical)).ShouldRefuse(X509RejectionReason.NameConstraintsInvalid);
    }

    [Theory]
    [InlineData("3000", "hold no subtree")]
    [InlineData("300AA0083006820161800100", "minimum or a maximum")]
    [InlineData("300AA0083006820161800101", "minimum or a maximum")]
    [InlineData("300AA0083006820161810101", "minimum or a maximum")]
    [InlineData("300BA0093007A405300331010C", null)]
    public void Constraints_that_say_nothing_or_more_than_a_base_are_refused(string value, string? flaw)
    {
        var ca = CertificateForge.Ca("CA").With(new ForgedExtension(Ext.NameConstraintsOid, Convert.FromHexString(value), IsCritical: true)).SelfSigned();
        if (flaw is null)
        {
            ca.ShouldBeMalformed();
            return;
        }

        Assert.Contains(flaw, TrustAnchorSet.Check(ca.ShouldRead(), new PathPolicy()).Rejection!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_base_of_text_that_is_none_is_refused() =>
        Judge(Gn.Directory(Der.Sequence(Dn.Rdn(Der.Sequence(Der.Oid(Dn.Organization), Der.Tlv(Dn.Utf8, [0xFF]))))), isMeaningful: false);

    private static void Judge(byte[] item, bool isMeaningful)
    {
        foreach (var constraints in new[] { Ext.Permitted(item), Ext.Excluded(item), Ext.Excluded(Gn.Dns("example.com"), item) })
        {
            var anchor = CertificateForge.Ca("CA").With(constraints).SelfSigned().ShouldRead();
            var verdict = TrustAnchorSet.Check(anchor, new PathPolicy());
            Assert.Equal(isMeaningful, verdict.IsAccepted);
            Assert.Equal(isMeaningful ? null : "x509.name_constraints_invalid", verdict.Rejection?.Code);
        }
    }
}
