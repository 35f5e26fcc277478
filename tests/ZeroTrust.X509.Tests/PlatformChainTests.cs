using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

/// <summary>What the platform objects to and our rules allow on purpose, each beside an objection that stays.</summary>
public sealed class PlatformChainTests
{
    private static readonly ForgedExtension Domain = Ext.Permitted(Gn.Dns("example.com"));
    private static readonly ForgedExtension DomainAndHost = Ext.Permitted(Gn.Dns("example.com"), Gn.Uri("example.com"));

    [Fact]
    public void What_the_platform_accepts_is_accepted()
    {
        Vetoed(Trial.Of()).ShouldPass();
        Vetoed(Trial.Of(leaf: leaf => leaf.Subject(Dn.Cn("host.example.com")), ca: ca => ca.With(Domain))).ShouldPass();
        Vetoed(Trial.Of()).Asking(policy => policy with { Purpose = KeyPurposes.ServerAuth }).ShouldPass();
    }

    [Fact]
    public void The_veto_is_the_default() => Assert.True(new PathPolicy().PlatformVeto);

    [Fact]
    public void Without_the_veto_our_own_word_is_the_last() => Disputed().ShouldPass();

    [Fact]
    public void An_objection_that_our_rules_do_not_answer_refuses_and_is_named()
    {
        var rejection = Vetoed(Disputed()).ShouldRefuse(X509RejectionReason.PlatformVeto);

        Assert.Contains("HasNotPermittedNameConstraint at 'CN=host.evil.example'", rejection.Detail, StringComparison.Ordinal);
        Assert.Contains("permitted subtree violation", rejection.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("report", rejection.Detail, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>RFC 9525 section 2: a common name is no DNS name, and so no constraint on DNS names is about it.</summary>
    [Theory]
    [InlineData("host.evil.example")]
    [InlineData("127.0.0.1")]
    public void A_common_name_is_not_held_against_constraints_on_DNS_names(string name)
    {
        foreach (var constraints in new[] { Domain, Ext.Excluded(Gn.Dns("evil.example"), Gn.Dns("other.example")) })
        {
            Vetoed(Trial.Of(leaf => WithoutDnsName(leaf).Subject(Dn.Cn(name)), ca => ca.With(constraints))).ShouldPass();
        }
    }

    /// <summary>The objection may be about the name that both read alike: who has a constrained CA could else switch the veto off by a common name.</summary>
    [Fact]
    public void A_common_name_covers_no_other_name_of_a_constrained_kind()
    {
        Vetoed(Trial.Of(leaf => WithoutDnsName(leaf), ca => ca.With(DomainAndHost))).ShouldRefuse(X509RejectionReason.PlatformVeto);
        Vetoed(Trial.Of(leaf => WithoutDnsName(leaf), ca => ca.With(Domain), root => root.With(Ext.Permitted(Gn.Uri("example.com")))))
            .ShouldRefuse(X509RejectionReason.PlatformVeto);
        Vetoed(Trial.Of(leaf => WithoutDnsName(leaf), ca => ca.With(Domain), root => root.With(Ext.Permitted(Gn.Directory(Dn.Empty)))))
            .ShouldRefuse(X509RejectionReason.PlatformVeto);
        Vetoed(Trial.Of(leaf => WithoutDnsName(leaf).Subject(Dn.Cn("host.example.com")), ca => ca.With(DomainAndHost))).ShouldPass();
    }

    /// <summary>What stands before the at sign of a URI is its user, and a query may follow the host at once (RFC 3986 section 3.2).</summary>
    [Theory]
    [InlineData("https://user@example.com/")]
    [InlineData("https://example.com?a")]
    [InlineData("https://example.com#a")]
    public void A_URI_is_read_to_its_host(string uri)
    {
        Vetoed(Carrying(Ext.Permitted(Gn.Uri("example.com")), Gn.Uri(uri))).ShouldPass();
        Vetoed(Carrying(Ext.Permitted(Gn.Uri("example.com")), Gn.Uri(uri), Gn.Uri("https://example.com/"))).ShouldRefuse(X509RejectionReason.PlatformVeto);
        Vetoed(Carrying(Ext.Permitted(Gn.Uri("other.example")), Gn.Uri(uri))).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
    }

    [Fact]
    public void An_empty_base_holds_every_URI_and_every_mailbox()
    {
        Vetoed(Carrying(Ext.Permitted(Gn.Uri(string.Empty)), Gn.Uri("spiffe://example.com/a"))).ShouldPass();
        Vetoed(Carrying(Ext.Permitted(Gn.Email(string.Empty)), Gn.Email("ops@example.com"))).ShouldPass();
        Vetoed(Carrying(Ext.Permitted(Gn.Email(string.Empty), Gn.Uri("example.com")), Gn.Email("ops@example.com"), Gn.Uri("spiffe://example.com/a")))
            .ShouldRefuse(X509RejectionReason.PlatformVeto);
    }

    [Fact]
    public void A_mailbox_in_the_subject_may_be_text_of_any_kind()
    {
        var mailbox = Ext.Permitted(Gn.Email("example.com"));
        var subject = Dn.Of((Dn.EmailAddress, "ops@example.com"));

        Vetoed(Trial.Of(leaf => leaf.Subject(subject), ca => ca.With(mailbox))).ShouldPass();
        Vetoed(Trial.Of(leaf => leaf.Subject(Dn.Of((Dn.EmailAddress, "ops@evil.example"))), ca => ca.With(mailbox))).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        Vetoed(Trial.Of(leaf => leaf.Subject(subject).With(Ext.SubjectAltName(Gn.Email("ops@example.com"))), ca => ca.With(mailbox))).ShouldRefuse(X509RejectionReason.PlatformVeto);
    }

    /// <summary>RFC 5280 section 4.2.1.12.</summary>
    [Fact]
    public void Any_extended_key_usage_of_a_CA_allows_the_purpose()
    {
        var any = Ext.ExtendedKeyUsage(Ext.AnyExtendedKeyUsage);

        Asking(Trial.Of(ca: ca => ca.With(any))).ShouldPass();
        Asking(Trial.Of(root: root => root.With(any))).ShouldPass();
        Asking(Trial.Of(ca: ca => ca.With(any), root: root => root.With(Ext.ExtendedKeyUsage("1.2.3")))).ShouldRefuse(X509RejectionReason.ExtendedKeyUsageMissing);
        Asking(Trial.Of(leaf => WithoutDnsName(leaf), ca => ca.With(any).With(DomainAndHost))).ShouldRefuse(X509RejectionReason.PlatformVeto);

        static Trial Asking(Trial trial) => Vetoed(trial).Asking(policy => policy with { Purpose = KeyPurposes.ServerAuth });
    }

    [Fact]
    public void An_anchor_of_an_old_version_has_no_basic_constraints()
    {
        Vetoed(Trial.Of(root: Version2)).ShouldPass();
        Vetoed(Trial.Of(leaf => WithoutDnsName(leaf), ca => ca.With(DomainAndHost), Version2)).ShouldRefuse(X509RejectionReason.PlatformVeto);

        static void Version2(CertificateForge forge) => forge.Raw(TbsField.Version, Der.Tlv(0xA0, Der.Integer(1))).Raw(TbsField.Extensions, []);
    }

    [Fact]
    public void An_anchor_that_did_not_sign_itself_is_beyond_the_platform()
    {
        var trial = Disputed();

        Vetoed(trial with { Intermediates = [], Anchors = trial.Intermediates }).ShouldPass();
    }

    [Fact]
    public void So_is_one_of_its_own_name_that_another_key_signed()
    {
        var old = CertificateForge.Ca("Root").SelfSigned();
        var rollover = CertificateForge.Ca("Root").Key(ForgeKey.P256()).IssuedBy(old);
        var ca = CertificateForge.Ca("CA").With(DomainAndHost).IssuedBy(rollover);
        var trial = new Trial(WithoutDnsName(CertificateForge.Leaf()).IssuedBy(ca), [ca], rollover);

        Vetoed(trial).ShouldPass();
        Vetoed(Disputed()).ShouldRefuse(X509RejectionReason.PlatformVeto);
    }

    [Fact]
    public void The_validity_is_ours_to_judge()
    {
        var trial = Vetoed(Trial.Of()).Asking(policy => policy with { ClockSkew = TimeSpan.FromMinutes(5) });

        trial.At(CertificateForge.NotAfter + TimeSpan.FromMinutes(5)).ShouldPass();
        trial.At(CertificateForge.NotAfter + TimeSpan.FromMinutes(6)).ShouldRefuse(X509RejectionReason.Expired);
    }

    [Fact]
    public void The_validity_is_ours_to_judge_beside_an_objection_that_is_answered()
    {
        var trial = Vetoed(Trial.Of(leaf => WithoutDnsName(leaf), ca => ca.With(Domain))).Asking(policy => policy with { ClockSkew = TimeSpan.FromMinutes(5) });

        trial.At(CertificateForge.NotAfter + TimeSpan.FromMinutes(5)).ShouldPass();
    }

    [Fact]
    public void The_search_turns_back_from_a_path_the_platform_objects_to()
    {
        var root = CertificateForge.Ca("Root").SelfSigned();
        var key = ForgeKey.P256();
        var disputed = CertificateForge.Ca("CA").Key(key).With(DomainAndHost).IssuedBy(root);
        var plain = CertificateForge.Ca("CA").Key(key).IssuedBy(root);
        var leaf = WithoutDnsName(CertificateForge.Leaf()).IssuedBy(plain);

        Assert.Equal(plain.Der, Vetoed(new Trial(leaf, [disputed, plain], root)).ShouldPass().Certificates[1].Der.ToArray());
        Vetoed(new Trial(leaf, [disputed], root)).ShouldRefuse(X509RejectionReason.PlatformVeto);
    }

    [Fact]
    public void An_objection_is_not_forgotten_and_not_remembered()
    {
        var trial = Disputed();
        var validator = trial.Validator();

        trial.ShouldPass(validator);
        Vetoed(trial).ShouldRefuse(X509RejectionReason.PlatformVeto, validator);
        Vetoed(trial).ShouldRefuse(X509RejectionReason.PlatformVeto, validator);
        trial.ShouldPass(validator);
    }

    /// <summary>A path we accept and the platform does not, for a reason that may be another one than ours.</summary>
    private static Trial Disputed() => Trial.Of(leaf: leaf => WithoutDnsName(leaf), ca: ca => ca.With(DomainAndHost));

    private static CertificateForge WithoutDnsName(CertificateForge leaf) =>
        leaf.Subject(Dn.Cn("host.evil.example")).With(Ext.SubjectAltName(Gn.Uri("spiffe://example.com/a")));

    private static Trial Carrying(ForgedExtension constraints, params byte[][] names) =>
        Trial.Of(leaf => leaf.With(Ext.SubjectAltName(names)), ca => ca.With(constraints));

    private static Trial Vetoed(Trial trial) => trial.Asking(policy => policy with { PlatformVeto = true });
}
