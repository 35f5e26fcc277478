using System.Net;
using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

public sealed class LeafNamesTests
{
    [Theory]
    [InlineData("leaf.example.com", true)]
    [InlineData("LEAF.Example.COM", true)]
    [InlineData("other.example.com", false)]
    [InlineData("example.com", false)]
    [InlineData("a.leaf.example.com", false)]
    [InlineData("leaf.example.com.evil.example", false)]
    public void A_DNS_name_is_expected_whole_and_without_case(string expected, bool isThere) =>
        Judge(Gn.Dns("leaf.example.com"), ReferenceIdentifier.Dns(expected), isThere);

    [Fact]
    public void A_refusal_tells_what_was_expected_and_presented()
    {
        var rejection = Expecting(Gn.Dns("a.example.com"), ReferenceIdentifier.Dns("b.example.com")).ShouldRefuse(X509RejectionReason.NameMismatch);

        Assert.Equal("Dns:b.example.com", rejection.Expected);
        Assert.Equal("Dns:a.example.com", rejection.Presented);
    }

    [Fact]
    public void Every_expected_name_has_to_be_there()
    {
        var trial = Trial.Of(leaf: leaf => leaf.With(Ext.SubjectAltName(Gn.Dns("a.example.com"), Gn.Uri("spiffe://example.com/a"))));
        var dns = ReferenceIdentifier.Dns("a.example.com");

        trial.Asking(policy => policy with { Expected = [dns, ReferenceIdentifier.Uri("spiffe://example.com/a")] }).ShouldPass();
        trial.Asking(policy => policy with { Expected = [dns, ReferenceIdentifier.Uri("spiffe://example.com/b")] }).ShouldRefuse(X509RejectionReason.NameMismatch);
    }

    [Theory]
    [InlineData("*.example.com", "leaf.example.com", "example.com", true)]
    [InlineData("*.Example.com", "leaf.EXAMPLE.com", "EXAMPLE.COM", true)]
    [InlineData("*.example.com", "leaf.example.com", "", false)]
    [InlineData("*.example.com", "leaf.example.com", "com", false)]
    [InlineData("*.example.com", "leaf.example.com", "other.com", false)]
    [InlineData("*.example.com", "leaf.example.com", "leaf.example.com", false)]
    [InlineData("*.example.com", "example.com", "example.com", false)]
    [InlineData("*.example.com", "a.b.example.com", "example.com", false)]
    [InlineData("*.example.com", "leafexample.com", "example.com", false)]
    [InlineData("*.b.example.com", "a.b.example.com", "example.com", false)]
    [InlineData("*.com", "example.com", "example.com", false)]
    [InlineData("*.com", "example.com", "com", true)]
    public void A_wildcard_stands_for_one_label_below_a_domain_you_run(string name, string expected, string domains, bool isThere)
    {
        var trial = Expecting(Gn.Dns(name), ReferenceIdentifier.Dns(expected))
            .Asking(policy => policy with { WildcardDomains = domains.Split(' ', StringSplitOptions.RemoveEmptyEntries) });

        Judge(trial, isThere);
    }

    [Theory]
    [InlineData("leaf.example.com")]
    [InlineData("*.example.com")]
    [InlineData("xn--bcher-kva.example")]
    [InlineData("1.example")]
    [InlineData("a--b.example")]
    public void A_leaf_carries_host_names(string name) => Carrying(Gn.Dns(name)).ShouldPass();

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("leaf_1.example.com")]
    [InlineData("leaf.example.com.")]
    [InlineData(".example.com")]
    [InlineData("leaf..example.com")]
    [InlineData("-leaf.example.com")]
    [InlineData("leaf-.example.com")]
    [InlineData("leaf.example.com\0.evil.example")]
    [InlineData("leaf example.com")]
    [InlineData("192.0.2.1")]
    [InlineData("example.1")]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("*.*.example.com")]
    [InlineData("a.*.example.com")]
    [InlineData("leaf*.example.com")]
    [InlineData("*leaf.example.com")]
    [InlineData("*.192.0.2.1")]
    [InlineData("https://leaf.example.com")]
    [InlineData("leaf.example.com:443")]
    [InlineData("a23456789012345678901234567890123456789012345678901234567890abcd.example")]
    public void Where_DNS_names_identify_a_leaf_carries_nothing_else(string name)
    {
        Carrying(Gn.Dns(name)).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        Carrying(Gn.Dns(name), Gn.Uri("https://example.com/spiffe:")).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        Carrying(Gn.Uri("spiffe://example.com/a"), Gn.Dns(name), Gn.Dns("leaf.example.com"))
            .Asking(policy => policy with { Expected = [ReferenceIdentifier.Dns("leaf.example.com")] }).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        Carrying(Gn.Uri("spiffe://example.com/a"), Gn.Dns(name)).Asking(policy => policy with { BaselineRequirements = true }).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        Carrying(Gn.Uri("spiffe://example.com/a"), Gn.Dns(name)).Under(PathProfile.Rfc5280).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
    }

    /// <summary>As issuers put them beside a SPIFFE ID: names of services, of zones and of other software.</summary>
    [Theory]
    [InlineData("orders_api")]
    [InlineData("leaf_1.example.com")]
    [InlineData("orders.shop.svc.")]
    [InlineData("*")]
    [InlineData("*.*.example.com")]
    [InlineData("192.0.2.1")]
    [InlineData("-leaf.example.com")]
    public void A_DNS_name_beside_a_SPIFFE_ID_need_not_be_a_host_name(string name)
    {
        Carrying(Gn.Uri("spiffe://example.com/a"), Gn.Dns(name)).ShouldPass();
        Carrying(Gn.Uri("spiffe://example.com/a"), Gn.Dns(name))
            .Asking(policy => policy with { Expected = [ReferenceIdentifier.Uri("spiffe://example.com/a")] }).ShouldPass();
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("leaf.example.com\0.evil.example")]
    [InlineData("leaf example.com")]
    [InlineData("leaf.example.com\n")]
    [InlineData("https://leaf.example.com")]
    [InlineData("leaf.example.com:443")]
    public void What_no_resolver_takes_for_a_name_is_refused_in_any_case(string name)
    {
        var rejection = Carrying(Gn.Uri("spiffe://example.com/a"), Gn.Dns(name)).ShouldRefuse(X509RejectionReason.ExtensionInvalid);

        Assert.Contains("RFC 5280 section 4.2.1.6", rejection.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', rejection.Detail);
    }

    [Fact]
    public void A_name_that_is_no_host_name_is_refused_where_a_CA_constrains_DNS_names()
    {
        foreach (var constraints in new[] { Ext.Permitted(Gn.Dns("example.com")), Ext.Excluded(Gn.Dns("evil.example")) })
        {
            var rejection = Under("a_b.example.com", constraints).ShouldRefuse(X509RejectionReason.NameConstraintViolated);

            Assert.Contains("DNS name 'a_b.example.com' cannot be read as one", rejection.Detail, StringComparison.Ordinal);
            Assert.Contains("'CN=CA'", rejection.Detail, StringComparison.Ordinal);
            Assert.Contains("RFC 5280 section 4.2.1.10", rejection.Detail, StringComparison.Ordinal);
            Under("ab.example.com", constraints).ShouldPass();
        }

        Under("a_b.example.com", Ext.Permitted(Gn.Uri("example.com"))).ShouldPass();

        static Trial Under(string name, ForgedExtension constraints) =>
            Trial.Of(leaf => leaf.With(Ext.SubjectAltName(Gn.Uri("spiffe://example.com/a"), Gn.Dns(name))), ca => ca.With(constraints));
    }

    [Fact]
    public void A_DNS_name_has_253_characters_and_no_more()
    {
        Carrying(Gn.Dns(OfLength(253))).Under(PathProfile.Rfc5280).ShouldPass();
        Carrying(Gn.Dns(OfLength(254))).Under(PathProfile.Rfc5280).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        Carrying(Gn.Uri("spiffe://example.com/a"), Gn.Dns(OfLength(253) + ".")).ShouldPass();
        Carrying(Gn.Uri("spiffe://example.com/a"), Gn.Dns(OfLength(254) + ".")).ShouldRefuse(X509RejectionReason.ExtensionInvalid);

        static string OfLength(int length) => string.Concat(Enumerable.Repeat("a.", (length - 2) / 2)) + (length % 2 == 0 ? "bc" : "bcd");
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8::1", "2001:db8::1", true)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", false)]
    public void An_address_is_expected_octet_by_octet(string address, string expected, bool isThere) =>
        Judge(Gn.Ip(address), ReferenceIdentifier.Ip(IPAddress.Parse(expected)), isThere);

    [Fact]
    public void An_address_as_a_DNS_name_is_no_address() =>
        Expecting(Gn.Dns("192.0.2.1"), ReferenceIdentifier.Ip(IPAddress.Parse("192.0.2.1"))).ShouldRefuse(X509RejectionReason.ExtensionInvalid);

    [Theory]
    [InlineData(0, false)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(8, false)]
    [InlineData(16, true)]
    [InlineData(32, false)]
    public void An_address_has_4_or_16_octets(int length, bool isAddress)
    {
        var trial = Carrying(Gn.Ip(new byte[length]));
        if (isAddress)
        {
            trial.ShouldPass();
        }
        else
        {
            trial.ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        }
    }

    [Theory]
    [InlineData("spiffe://example.com/a", true)]
    [InlineData("spiffe://example.com/A", false)]
    [InlineData("spiffe://example.com/a/", false)]
    [InlineData("SPIFFE://example.com/a", false)]
    public void A_URI_is_expected_character_by_character(string expected, bool isThere) =>
        Judge(Gn.Uri("spiffe://example.com/a"), ReferenceIdentifier.Uri(expected), isThere);

    [Theory]
    [InlineData("urn:example:a", true)]
    [InlineData("//example.com/a", false)]
    [InlineData("/a", false)]
    [InlineData("1a:b", false)]
    [InlineData("a_b:c", false)]
    [InlineData(":a", false)]
    [InlineData("", false)]
    public void A_URI_is_absolute(string uri, bool isAbsolute)
    {
        var trial = Carrying(Gn.Uri(uri));
        if (isAbsolute)
        {
            trial.ShouldPass();
        }
        else
        {
            trial.ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        }
    }

    [Theory]
    [InlineData("ops@example.com", true)]
    [InlineData("ops@EXAMPLE.com", true)]
    [InlineData("OPS@example.com", false)]
    [InlineData("ops@mail.example.com", false)]
    public void A_mailbox_is_expected_with_the_case_of_its_local_part(string expected, bool isThere) =>
        Judge(Gn.Email("ops@example.com"), ReferenceIdentifier.Email(expected), isThere);

    [Theory]
    [InlineData("example.com")]
    [InlineData("@example.com")]
    [InlineData("ops@")]
    [InlineData("ops@example_com")]
    [InlineData("o ps@example.com")]
    [InlineData("Ops <ops@example.com>")]
    [InlineData("a@b@example.com")]
    [InlineData("a..b@example.com")]
    [InlineData(".a@example.com")]
    [InlineData("\"a@example.com")]
    public void Where_mailboxes_identify_a_leaf_carries_those_of_a_local_part_and_a_host(string mailbox)
    {
        Carrying(Gn.Email(mailbox), Gn.Email("ops@example.com"))
            .Asking(policy => policy with { Expected = [ReferenceIdentifier.Email("ops@example.com")] }).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        Carrying(Gn.Email(mailbox)).Under(PathProfile.Rfc5280).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
    }

    [Theory]
    [InlineData("ops@example_com", true)]
    [InlineData("root", true)]
    [InlineData("a@b@example.com", true)]
    [InlineData("o ps@example.com", false)]
    [InlineData("ops@example.com\n", false)]
    [InlineData("", false)]
    public void A_mailbox_that_identifies_nobody_is_one_word(string mailbox, bool isBorne)
    {
        var trial = Carrying(Gn.Uri("spiffe://example.com/a"), Gn.Email(mailbox));
        if (isBorne)
        {
            trial.ShouldPass();
        }
        else
        {
            trial.ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        }
    }

    [Theory]
    [InlineData("\"o ps\"@example.com")]
    [InlineData("\"a@b\"@example.com")]
    [InlineData("\"a\\\"b\"@example.com")]
    [InlineData("first.last+tag@example.com")]
    public void A_local_part_may_be_quoted(string mailbox) => Carrying(Gn.Email(mailbox)).Under(PathProfile.Rfc5280).ShouldPass();

    [Fact]
    public void A_name_of_another_kind_does_not_match()
    {
        Expecting(Gn.Uri("leaf.example.com:1"), ReferenceIdentifier.Dns("leaf.example.com")).ShouldRefuse(X509RejectionReason.NameMismatch);
        Expecting(Gn.Email("ops@leaf.example.com"), ReferenceIdentifier.Dns("leaf.example.com")).ShouldRefuse(X509RejectionReason.NameMismatch);
    }

    [Fact]
    public void Names_of_kinds_that_are_not_read_are_passed_over() =>
        Expecting([Gn.Other, Gn.RegisteredId, Gn.Directory(Dn.Cn("Leaf")), Gn.Dns("leaf.example.com")], ReferenceIdentifier.Dns("leaf.example.com")).ShouldPass();

    [Fact]
    public void The_common_name_is_never_asked()
    {
        var expected = ReferenceIdentifier.Dns("leaf.example.com");

        Asking(leaf => leaf.Subject(Dn.Cn("leaf.example.com")).Without(Ext.SubjectAltNameOid), expected).ShouldRefuse(X509RejectionReason.NameMismatch);
        Asking(leaf => leaf.Subject(Dn.Cn("leaf.example.com")).With(Ext.SubjectAltName(Gn.Dns("b.example.com"))), expected).ShouldRefuse(X509RejectionReason.NameMismatch);
        Asking(leaf => leaf.Subject(Dn.Cn("b.example.com")).With(Ext.SubjectAltName(Gn.Dns("leaf.example.com"))), expected).ShouldPass();

        static Trial Asking(Action<CertificateForge> leaf, ReferenceIdentifier expected) => Trial.Of(leaf: leaf).Asking(policy => policy with { Expected = [expected] });
    }

    [Fact]
    public void A_common_name_repeats_an_alternative_name_where_that_is_asked()
    {
        CommonName("leaf.example.com", Gn.Dns("leaf.example.com")).ShouldPass();
        CommonName("192.0.2.1", Gn.Ip("192.0.2.1")).ShouldPass();
        CommonName("LEAF.example.com", Gn.Dns("leaf.example.com")).ShouldRefuse(X509RejectionReason.NameMismatch);
        CommonName("b.example.com", Gn.Dns("leaf.example.com")).ShouldRefuse(X509RejectionReason.NameMismatch);
        CommonName("urn:a", Gn.Uri("urn:a")).ShouldRefuse(X509RejectionReason.NameMismatch);
        CommonName("b.example.com", Gn.Dns("leaf.example.com")).Asking(policy => policy with { CommonName = CommonNameRule.Ignored }).ShouldPass();

        static Trial CommonName(string commonName, byte[] name) => Trial
            .Of(leaf: leaf => leaf.Subject(Dn.Cn(commonName)).With(Ext.SubjectAltName(name)))
            .Asking(policy => policy with { CommonName = CommonNameRule.RepeatsAlternativeName });
    }

    [Fact]
    public void Every_common_name_repeats_one()
    {
        Of("leaf.example.com", "leaf.example.com").ShouldPass();
        Of("leaf.example.com", "b.example.com").ShouldRefuse(X509RejectionReason.NameMismatch);

        static Trial Of(string first, string second) => Trial
            .Of(leaf: leaf => leaf.Subject(Dn.Of((Dn.CommonName, first), (Dn.CommonName, second))))
            .Asking(policy => policy with { CommonName = CommonNameRule.RepeatsAlternativeName });
    }

    [Fact]
    public void A_leaf_without_a_subject_has_critical_names_where_RFC_5280_is_taken_to_the_letter()
    {
        var names = Ext.SubjectAltName(Gn.Dns("leaf.example.com"));
        var trial = Trial.Of(leaf: leaf => leaf.Subject(Dn.Empty).With(names));

        trial.ShouldPass();
        trial.Under(PathProfile.Rfc5280).ShouldRefuse(X509RejectionReason.NameMissing);
        Trial.Of(leaf: leaf => leaf.Subject(Dn.Empty).With(names.Critical)).Under(PathProfile.Rfc5280).ShouldPass();
        Trial.Of(leaf: leaf => leaf.Subject(Dn.Empty).Without(names.Oid)).Under(PathProfile.Rfc5280).ShouldRefuse(X509RejectionReason.NameMissing);
    }

    /// <summary>Baseline Requirements, section 7.1.2.7.12.</summary>
    [Fact]
    public void The_baseline_requirements_want_critical_names_only_without_a_subject()
    {
        var names = Ext.SubjectAltName(Gn.Dns("leaf.example.com")).Critical;
        var trial = Trial.Of(leaf: leaf => leaf.With(names));

        trial.ShouldPass();
        Baseline(trial).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        Baseline(Trial.Of(leaf: leaf => leaf.With(names).Subject(Dn.Empty))).ShouldPass();

        static Trial Baseline(Trial trial) => trial.Asking(policy => policy with { BaselineRequirements = true });
    }

    private static Trial Carrying(params byte[][] names) => Trial.Of(leaf: leaf => leaf.With(Ext.SubjectAltName(names)));

    private static Trial Expecting(byte[] name, ReferenceIdentifier expected) => Expecting([name], expected);

    private static Trial Expecting(byte[][] names, ReferenceIdentifier expected) => Carrying(names).Asking(policy => policy with { Expected = [expected] });

    private static void Judge(byte[] name, ReferenceIdentifier expected, bool isThere) => Judge(Expecting(name, expected), isThere);

    private static void Judge(Trial trial, bool isThere)
    {
        if (isThere)
        {
            trial.ShouldPass();
        }
        else
        {
            trial.ShouldRefuse(X509RejectionReason.NameMismatch);
        }
    }
}
