using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

/// <summary>The platform holds the common name of a leaf without DNS names against constraints on DNS names; RFC 5280 does not, and neither do we.</summary>
public sealed class PlatformChainTests
{
    private static readonly ForgedExtension Domain = Ext.Permitted(Gn.Dns("example.com"));

    [Fact]
    public void What_the_platform_objects_to_is_refused()
    {
        var rejection = Vetoed(Disputed()).ShouldRefuse(X509RejectionReason.PlatformVeto);

        Assert.Contains("NameConstraint", rejection.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_veto_our_own_word_is_the_last() => Disputed().ShouldPass();

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
        var ca = CertificateForge.Ca("CA").With(Domain).IssuedBy(rollover);
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
    public void The_search_turns_back_from_a_path_the_platform_objects_to()
    {
        var root = CertificateForge.Ca("Root").SelfSigned();
        var key = ForgeKey.P256();
        var disputed = CertificateForge.Ca("CA").Key(key).With(Domain).IssuedBy(root);
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

    /// <summary>A path we accept and the platform does not.</summary>
    private static Trial Disputed() => Trial.Of(leaf: leaf => WithoutDnsName(leaf), ca: ca => ca.With(Domain));

    private static CertificateForge WithoutDnsName(CertificateForge leaf) =>
        leaf.Subject(Dn.Cn("host.evil.example")).With(Ext.SubjectAltName(Gn.Uri("spiffe://example.com/a")));

    private static Trial Vetoed(Trial trial) => trial.Asking(policy => policy with { PlatformVeto = true });
}
