using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

public sealed class NameConstraintCheckTests
{
    [Theory]
    [InlineData("example.com", true)]
    [InlineData("EXAMPLE.com", true)]
    [InlineData("a.example.com", true)]
    [InlineData("b.a.example.com", true)]
    [InlineData("*.example.com", true)]
    [InlineData("*.a.example.com", true)]
    [InlineData("aexample.com", false)]
    [InlineData("example.com.evil.example", false)]
    [InlineData("com", false)]
    [InlineData("*.com", false)]
    public void A_permitted_domain_takes_in_itself_and_all_below(string name, bool isInside)
    {
        Judge(Ext.Permitted(Gn.Dns("example.com")), Gn.Dns(name), isInside);
        Judge(Ext.Permitted(Gn.Dns("other.example"), Gn.Dns("Example.COM")), Gn.Dns(name), isInside);
    }

    [Theory]
    [InlineData("example.com", false)]
    [InlineData("EXAMPLE.com", false)]
    [InlineData("a.example.com", false)]
    [InlineData("aexample.com", true)]
    [InlineData("*.example.com", false)]
    [InlineData("*.other.example", true)]
    public void An_excluded_domain_keeps_out_itself_and_all_below(string name, bool isAllowed) => Judge(Ext.Excluded(Gn.Dns("example.com")), Gn.Dns(name), isAllowed);

    /// <summary>CVE-2025-61727: the wildcard stands for the excluded host, too.</summary>
    [Theory]
    [InlineData("*.example.com", false)]
    [InlineData("*.EXAMPLE.com", false)]
    [InlineData("b.example.com", true)]
    [InlineData("*.b.example.com", true)]
    [InlineData("*.com", true)]
    public void An_excluded_host_keeps_out_the_wildcard_that_stands_for_it(string name, bool isAllowed) =>
        Judge(Ext.Excluded(Gn.Dns("a.example.com")), Gn.Dns(name), isAllowed);

    [Fact]
    public void The_empty_base_takes_in_all_and_keeps_out_all()
    {
        Judge(Ext.Permitted(Gn.Dns(string.Empty)), Gn.Dns("a.example.com"), isAllowed: true);
        Judge(Ext.Excluded(Gn.Dns(string.Empty)), Gn.Dns("a.example.com"), isAllowed: false);
        Judge(Ext.Excluded(Gn.Dns(string.Empty)), Gn.Dns("*.example.com"), isAllowed: false);
        Judge(Ext.Excluded(Gn.Dns(string.Empty)), Gn.Uri("spiffe://example.com/a"), isAllowed: true);
        Judge(Ext.Excluded(Gn.Uri(string.Empty)), Gn.Uri("spiffe://example.com/a"), isAllowed: false);
        Judge(Ext.Excluded(Gn.Email(string.Empty)), Gn.Email("ops@example.com"), isAllowed: false);
        Judge(Ext.Permitted(Gn.Email(string.Empty)), Gn.Email("ops@example.com"), isAllowed: true);
    }

    [Fact]
    public void Excluded_wins_over_permitted()
    {
        var constraints = Ext.NameConstraints([Gn.Dns("example.com")], [Gn.Dns("secret.example.com")]);

        Judge(constraints, Gn.Dns("a.example.com"), isAllowed: true);
        Judge(constraints, Gn.Dns("a.secret.example.com"), isAllowed: false);
    }

    [Fact]
    public void Every_name_has_to_be_allowed()
    {
        var ca = CaOf(Ext.Permitted(Gn.Dns("example.com")));

        ca(Names(Gn.Dns("a.example.com"), Gn.Dns("b.example.com"))).ShouldPass();
        ca(Names(Gn.Dns("a.example.com"), Gn.Dns("evil.example"))).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
    }

    [Fact]
    public void The_name_that_is_not_allowed_is_told()
    {
        var rejection = CaOf(Ext.Permitted(Gn.Dns("example.com")))(Names(Gn.Dns("evil.example"))).ShouldRefuse(X509RejectionReason.NameConstraintViolated);

        Assert.Equal("Dns:evil.example", rejection.Presented);
        Assert.Contains("CN=CA", rejection.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kind_that_is_not_constrained_is_free()
    {
        var ca = CaOf(Ext.Permitted(Gn.Dns("example.com")));

        ca(Names(Gn.Uri("spiffe://evil.example/a"), Gn.Ip("192.0.2.1"), Gn.Email("ops@evil.example"), Gn.Other, Gn.RegisteredId)).ShouldPass();
        ca(leaf => leaf.Without(Ext.SubjectAltNameOid)).ShouldPass();
    }

    [Theory]
    [InlineData("192.0.2.1", true)]
    [InlineData("192.0.2.255", true)]
    [InlineData("192.0.3.1", false)]
    [InlineData("::ffff:192.0.2.1", false)]
    [InlineData("2001:db8::1", false)]
    public void A_permitted_IPv4_network_takes_in_its_addresses_and_no_IPv6(string address, bool isInside) =>
        Judge(Ext.Permitted(Gn.Network("192.0.2.0", "255.255.255.0")), Gn.Ip(address), isInside);

    [Theory]
    [InlineData("2001:db8::1", true)]
    [InlineData("2001:db8:ffff::1", true)]
    [InlineData("2001:db9::1", false)]
    [InlineData("32.1.13.184", false)]
    public void A_permitted_IPv6_network_takes_in_its_addresses_and_no_IPv4(string address, bool isInside) =>
        Judge(Ext.Permitted(Gn.Network("2001:db8::", "ffff:ffff::")), Gn.Ip(address), isInside);

    [Theory]
    [InlineData("192.0.2.1", false)]
    [InlineData("192.0.3.1", true)]
    [InlineData("2001:db8::1", true)]
    public void An_excluded_network_keeps_out_its_addresses(string address, bool isAllowed) =>
        Judge(Ext.Excluded(Gn.Network("192.0.2.0", "255.255.255.0")), Gn.Ip(address), isAllowed);

    [Fact]
    public void A_network_is_compared_under_its_mask()
    {
        Judge(Ext.Permitted(Gn.Network("192.0.2.99", "255.255.255.0")), Gn.Ip("192.0.2.1"), isAllowed: true);
        Judge(Ext.Permitted(Gn.Network("192.0.2.0", "255.255.255.128")), Gn.Ip("192.0.2.128"), isAllowed: false);
    }

    [Theory]
    [InlineData("spiffe://example.com/a", true)]
    [InlineData("https://EXAMPLE.com:443/a?b#c", true)]
    [InlineData("https://user@example.com/", true)]
    [InlineData("https://example.com", true)]
    [InlineData("https://a.example.com/", false)]
    [InlineData("https://evil.example/example.com", false)]
    [InlineData("https://example.com@evil.example/", false)]
    [InlineData("https://evil.example?example.com", false)]
    [InlineData("https://evil.example#@example.com", false)]
    [InlineData("https://evil.example%2Eexample.com", false)]
    [InlineData("https://evil.example\\@example.com/", false)]
    [InlineData("https://192.0.2.1/", false)]
    [InlineData("https://[2001:db8::1]/", false)]
    [InlineData("https:///a", false)]
    [InlineData("urn:example.com", false)]
    public void A_permitted_host_of_URIs_is_that_one_host(string uri, bool isInside) => Judge(Ext.Permitted(Gn.Uri("example.com")), Gn.Uri(uri), isInside);

    [Theory]
    [InlineData("https://a.example.com/", true)]
    [InlineData("https://b.a.example.com/", true)]
    [InlineData("https://example.com/", false)]
    [InlineData("https://aexample.com/", false)]
    public void A_permitted_domain_of_URIs_is_the_hosts_below(string uri, bool isInside) => Judge(Ext.Permitted(Gn.Uri(".example.com")), Gn.Uri(uri), isInside);

    [Theory]
    [InlineData("https://a.example.com/", false)]
    [InlineData("https://example.com/", true)]
    [InlineData("https://192.0.2.1/", false)]
    [InlineData("urn:a", false)]
    public void URIs_without_a_host_to_compare_are_refused_under_an_exclusion_too(string uri, bool isAllowed) =>
        Judge(Ext.Excluded(Gn.Uri("a.example.com")), Gn.Uri(uri), isAllowed);

    [Theory]
    [InlineData("ops@example.com", "ops@example.com", true)]
    [InlineData("ops@example.com", "ops@EXAMPLE.com", true)]
    [InlineData("ops@example.com", "OPS@example.com", false)]
    [InlineData("ops@example.com", "dev@example.com", false)]
    [InlineData("example.com", "ops@example.com", true)]
    [InlineData("example.com", "ops@a.example.com", false)]
    [InlineData(".example.com", "ops@a.example.com", true)]
    [InlineData(".example.com", "ops@example.com", false)]
    [InlineData(".example.com", "ops@aexample.com", false)]
    public void A_permitted_mailbox_is_one_a_host_or_the_hosts_below(string subtree, string mailbox, bool isInside)
    {
        Judge(Ext.Permitted(Gn.Email(subtree)), Gn.Email(mailbox), isInside);
        Judge(Ext.Excluded(Gn.Email(subtree)), Gn.Email(mailbox), !isInside);
    }

    [Fact]
    public void A_mailbox_in_the_subject_is_constrained_where_no_alternative_name_holds_one()
    {
        var ca = CaOf(Ext.Permitted(Gn.Email("example.com")));
        var good = Dn.Of((Dn.EmailAddress, "ops@example.com"));
        var evil = Dn.Of((Dn.CommonName, "Leaf"), (Dn.EmailAddress, "ops@evil.example"));

        ca(leaf => leaf.Subject(good)).ShouldPass();
        ca(leaf => leaf.Subject(evil)).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        ca(leaf => leaf.Subject(evil).Without(Ext.SubjectAltNameOid)).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        ca(leaf => leaf.Subject(evil).With(Ext.SubjectAltName(Gn.Email("ops@example.com")))).ShouldPass();
        CaOf(Ext.Excluded(Gn.Email("evil.example")))(leaf => leaf.Subject(evil)).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        CaOf(Ext.Permitted(Gn.Dns("example.com")))(leaf => leaf.Subject(evil)).ShouldPass();
    }

    [Fact]
    public void A_mailbox_in_the_subject_is_found_in_any_spelling_of_text()
    {
        var ca = CaOf(Ext.Permitted(Gn.Email("example.com")));
        var evil = Der.Sequence(Dn.Rdn(Dn.Attribute(Dn.EmailAddress, "ops@evil.example", Dn.Ia5)));

        ca(leaf => leaf.Subject(evil)).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
    }

    [Fact]
    public void A_permitted_directory_name_takes_in_what_begins_with_it()
    {
        var ca = CaOf(Ext.Permitted(Gn.Directory(Dn.Of((Dn.Country, "XX"), (Dn.Organization, "Example")))));

        ca(leaf => leaf.Subject(Dn.Of((Dn.Country, "xx"), (Dn.Organization, "EXAMPLE "), (Dn.CommonName, "Leaf")))).ShouldPass();
        ca(leaf => leaf.Subject(Dn.Of((Dn.Country, "XX"), (Dn.Organization, "Example")))).ShouldPass();
        ca(leaf => leaf.Subject(Dn.Of((Dn.Country, "XX")))).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        ca(leaf => leaf.Subject(Dn.Of((Dn.Organization, "Example"), (Dn.Country, "XX")))).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        ca(leaf => leaf.Subject(Dn.Of((Dn.Country, "XX"), (Dn.Organization, "Example Evil")))).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        ca(leaf => leaf.Subject(Dn.Empty)).ShouldPass();
    }

    [Fact]
    public void A_directory_name_is_constrained_in_the_subject_and_among_the_alternative_names()
    {
        var evil = Dn.Of((Dn.Organization, "Evil"));
        var ca = CaOf(Ext.Excluded(Gn.Directory(evil)));

        ca(leaf => leaf.Subject(evil)).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        ca(Names(Gn.Directory(evil))).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        ca(Names(Gn.Directory(Dn.Of((Dn.Organization, "Good"))))).ShouldPass();
    }

    [Fact]
    public void A_name_of_a_kind_we_cannot_compare_is_refused_as_soon_as_its_kind_is_constrained()
    {
        foreach (var name in new[] { Gn.Other, Gn.RegisteredId })
        {
            Judge(Ext.Permitted(name), name, isAllowed: false);
            Judge(Ext.Excluded(name), name, isAllowed: false);
            Judge(Ext.Permitted(name), Gn.Dns("leaf.example.com"), isAllowed: true);
        }
    }

    [Fact]
    public void Constraints_hold_whether_critical_or_not()
    {
        var constraints = Ext.Permitted(Gn.Dns("example.com")).NotCritical;

        Judge(constraints, Gn.Dns("evil.example"), isAllowed: false);
        Judge(constraints, Gn.Dns("a.example.com"), isAllowed: true);
    }

    [Fact]
    public void Constraints_of_every_CA_hold_the_anchors_too()
    {
        var domain = Ext.Permitted(Gn.Dns("example.com"));
        var narrow = Ext.Permitted(Gn.Dns("a.example.com"));

        Trial.Of(leaf => leaf.With(Ext.SubjectAltName(Gn.Dns("x.a.example.com"))), ca => ca.With(narrow), root => root.With(domain)).ShouldPass();
        Trial.Of(leaf => leaf.With(Ext.SubjectAltName(Gn.Dns("x.b.example.com"))), ca => ca.With(narrow), root => root.With(domain)).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        Trial.Of(leaf => leaf.With(Ext.SubjectAltName(Gn.Dns("x.b.example.com"))), ca => ca.With(domain), root => root.With(narrow)).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        Trial.Of(leaf => leaf.With(Ext.SubjectAltName(Gn.Dns("evil.example"))), root: root => root.With(domain)).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
    }

    [Fact]
    public void A_CA_in_between_is_constrained_too()
    {
        var root = Ext.Permitted(Gn.Directory(Dn.Of((Dn.Organization, "Example"))));
        var leafName = Dn.Of((Dn.Organization, "Example"), (Dn.CommonName, "Leaf"));

        Trial.Of(leaf => leaf.Subject(leafName), root: forge => forge.With(root)).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        Trial.Of(leaf => leaf.Subject(leafName), ca => ca.Subject(Dn.Of((Dn.Organization, "Example"))), forge => forge.With(root)).ShouldPass();
    }

    [Fact]
    public void A_CA_does_not_constrain_itself() =>
        Trial.Of(leaf => leaf.Subject(Dn.Of((Dn.Organization, "Example"))), ca => ca.With(Ext.Permitted(Gn.Directory(Dn.Of((Dn.Organization, "Example")))))).ShouldPass();

    [Fact]
    public void A_self_issued_CA_is_exempt_and_a_self_issued_leaf_is_not()
    {
        var constraints = Ext.Excluded(Gn.Directory(Dn.Cn("CA")));
        var root = CertificateForge.Ca("Root").SelfSigned();
        var ca = CertificateForge.Ca("CA").With(constraints).IssuedBy(root);
        var renewed = CertificateForge.Ca("CA").IssuedBy(ca);
        var named = CertificateForge.Leaf().Subject(Dn.Cn("CA")).IssuedBy(ca);

        new Trial(CertificateForge.Leaf().IssuedBy(renewed), [ca, renewed], root).ShouldPass();
        new Trial(named, [ca], root).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
    }

    private static void Judge(ForgedExtension constraints, byte[] name, bool isAllowed)
    {
        var trial = CaOf(constraints)(Names(name));
        if (isAllowed)
        {
            trial.ShouldPass();
        }
        else
        {
            trial.ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        }
    }

    private static Func<Action<CertificateForge>, Trial> CaOf(ForgedExtension constraints) => leaf => Trial.Of(leaf, ca => ca.With(constraints));

    private static Action<CertificateForge> Names(params byte[][] names) => leaf => leaf.With(Ext.SubjectAltName(names));
}
