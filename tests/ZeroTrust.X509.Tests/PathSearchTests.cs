using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

public sealed class PathSearchTests
{
    private static readonly ForgedCertificate Root = CertificateForge.Ca("Root").SelfSigned();

    [Fact]
    public void The_path_that_was_chosen_is_told()
    {
        var trial = Trial.Of();
        var path = trial.ShouldPass();

        Assert.Equal([trial.Leaf.Der, trial.Intermediates[0].Der, trial.Anchors[0].Der], path.Certificates.Select(certificate => certificate.Der.ToArray()));
        Assert.Same(path.Certificates[0], path.Leaf);
        Assert.Same(path.Certificates[^1], path.Anchor);
        Assert.Equal("CN=Leaf <- CN=CA <- CN=Root", path.ToString());
    }

    [Fact]
    public void A_leaf_of_the_anchor_needs_no_intermediate() => new Trial(CertificateForge.Leaf().IssuedBy(Root), [], Root).ShouldPass();

    [Fact]
    public void Without_an_anchor_nobody_is_trusted()
    {
        var trial = Trial.Of();

        (trial with { Anchors = [] }).ShouldRefuse(X509RejectionReason.UntrustedAnchor);
        (trial with { Anchors = [Root] }).ShouldRefuse(X509RejectionReason.SignatureInvalid);
        (trial with { Anchors = [Root, trial.Anchors[0]] }).ShouldPass();
    }

    [Fact]
    public void A_root_the_peer_sends_is_no_anchor()
    {
        var evil = CertificateForge.Ca("Evil").SelfSigned();
        var ca = CertificateForge.Ca("CA").IssuedBy(evil);

        new Trial(CertificateForge.Leaf().IssuedBy(ca), [ca, evil], Root).ShouldRefuse(X509RejectionReason.UntrustedAnchor);
    }

    [Fact]
    public void A_namesake_of_the_anchor_is_no_anchor()
    {
        var evil = CertificateForge.Ca("Root").SelfSigned();

        new Trial(CertificateForge.Leaf().IssuedBy(evil), [evil], Root).ShouldRefuse(X509RejectionReason.SignatureInvalid);
        new Trial(CertificateForge.Leaf().IssuedBy(Root), [evil], Root).ShouldPass();
    }

    [Fact]
    public void A_namesake_with_the_anchors_key_identifier_is_no_anchor()
    {
        var evil = CertificateForge.Ca("Root").With(Ext.SubjectKeyId(Root.Key.Id)).SelfSigned();
        var leaf = CertificateForge.Leaf().With(Ext.AuthorityKeyId(Root.Key.Id)).IssuedBy(evil);

        new Trial(leaf, [evil], Root).ShouldRefuse(X509RejectionReason.SignatureInvalid);
    }

    [Fact]
    public void A_leaf_that_signed_itself_is_not_trusted()
    {
        new Trial(CertificateForge.Leaf().SelfSigned(), [], Root).ShouldRefuse(X509RejectionReason.UntrustedAnchor);
        new Trial(CertificateForge.Leaf().Subject(Dn.Cn("Root")).SelfSigned(), [], Root).ShouldRefuse(X509RejectionReason.SignatureInvalid);
    }

    [Fact]
    public void An_anchor_is_no_leaf_of_its_own() => new Trial(Root, [], Root).Under(PathProfile.Rfc5280).ShouldRefuse(X509RejectionReason.UntrustedAnchor);

    [Fact]
    public void A_missing_intermediate_is_not_made_up()
    {
        var trial = Trial.Of();

        (trial with { Intermediates = [] }).ShouldRefuse(X509RejectionReason.UntrustedAnchor);
    }

    [Fact]
    public void An_intermediate_may_be_the_anchor()
    {
        var trial = Trial.Of();
        var ca = trial.Intermediates[0];

        Assert.Equal(ca.Der, (trial with { Intermediates = [], Anchors = [ca] }).ShouldPass().Anchor.Der.ToArray());
        Assert.Equal(2, (trial with { Intermediates = [ca, Root], Anchors = [ca] }).ShouldPass().Certificates.Count);
    }

    [Fact]
    public void The_order_in_which_the_peer_sends_does_not_matter()
    {
        var a = CertificateForge.Ca("A").IssuedBy(Root);
        var b = CertificateForge.Ca("B").IssuedBy(a);
        var c = CertificateForge.Ca("C").IssuedBy(b);
        var leaf = CertificateForge.Leaf().IssuedBy(c);
        ForgedCertificate[][] orders = [[a, b, c], [a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]];

        Assert.All(orders, order => Assert.Equal(5, new Trial(leaf, order, Root).ShouldPass().Certificates.Count));
    }

    [Fact]
    public void What_is_of_no_use_is_passed_over()
    {
        var trial = Trial.Of();
        var stranger = CertificateForge.Ca("Stranger").SelfSigned();
        var expired = CertificateForge.Ca("CA").Valid(CertificateForge.NotBefore, CertificateForge.NotBefore).IssuedBy(stranger);
        ForgedCertificate[] junk =
        [
            stranger, expired, trial.Leaf, trial.Leaf, trial.Anchors[0], CertificateForge.Leaf("other.example.com").IssuedBy(trial.Intermediates[0]),
            CertificateForge.Ca("Weak").KeyInfo(ForgeKey.Info("1.2.3", [], [1])).IssuedBy(Root),
        ];

        (trial with { Intermediates = [.. junk, trial.Intermediates[0], .. junk] }).ShouldPass();
        (trial with { Intermediates = junk }).ShouldRefuse(X509RejectionReason.UntrustedAnchor);
    }

    [Fact]
    public void A_cross_signed_CA_leads_to_whichever_root_is_trusted()
    {
        var other = CertificateForge.Ca("Other root").SelfSigned();
        var key = ForgeKey.P256();
        var first = CertificateForge.Ca("CA").Key(key).IssuedBy(Root);
        var second = CertificateForge.Ca("CA").Key(key).IssuedBy(other);
        var leaf = CertificateForge.Leaf().IssuedBy(first);

        Assert.Equal(Root.Der, new Trial(leaf, [first, second], Root).ShouldPass().Anchor.Der.ToArray());
        Assert.Equal(other.Der, new Trial(leaf, [first, second], other).ShouldPass().Anchor.Der.ToArray());
        Assert.Equal(other.Der, new Trial(leaf, [second, first], other).ShouldPass().Anchor.Der.ToArray());
    }

    [Fact]
    public void A_root_that_is_cross_signed_by_an_older_one_leads_there()
    {
        var old = CertificateForge.Ca("Old root").SelfSigned();
        var key = ForgeKey.P256();
        var young = CertificateForge.Ca("Young root").Key(key).SelfSigned();
        var bridge = CertificateForge.Ca("Young root").Key(key).IssuedBy(old);
        var ca = CertificateForge.Ca("CA").IssuedBy(young);
        var leaf = CertificateForge.Leaf().IssuedBy(ca);

        Assert.Equal(4, new Trial(leaf, [ca, young, bridge], old).ShouldPass().Certificates.Count);
        Assert.Equal(3, new Trial(leaf, [ca, young, bridge], old, young).ShouldPass().Certificates.Count);
    }

    [Fact]
    public void The_search_turns_back_from_every_edge_that_is_bad()
    {
        var key = ForgeKey.P256();
        Action<CertificateForge>[] defects =
        [
            ca => ca.Valid(CertificateForge.NotBefore, CertificateForge.NotBefore),
            ca => ca.With(Ext.NoCa),
            ca => ca.With(Ext.Ca(0)),
            ca => ca.With(Ext.Permitted(Gn.Dns("other.example"))),
            ca => ca.With(Ext.ExtendedKeyUsage(KeyPurposes.ClientAuth)),
            ca => ca.With(new ForgedExtension("1.2.3.4", Der.Null).Critical),
            ca => ca.Serial(0),
            ca => ca.With(Ext.PolicyConstraints(requireExplicit: 0)),
        ];
        var good = CertificateForge.Ca("Upper").Key(key).IssuedBy(Root);
        var lower = CertificateForge.Ca("Lower").IssuedBy(good);
        var leaf = CertificateForge.Leaf().IssuedBy(lower);

        Assert.All(defects, defect =>
        {
            var bad = CertificateForge.Ca("Upper").Key(key).Vary(defect).IssuedBy(Root);
            Serving(new Trial(leaf, [bad, lower, good], Root)).ShouldPass();
            Serving(new Trial(leaf, [good, lower, bad], Root)).ShouldPass();
            Assert.False(Serving(new Trial(leaf, [bad, lower], Root)).Run().IsAccepted);
        });

        static Trial Serving(Trial trial) => trial.Asking(policy => policy with { Purpose = KeyPurposes.ServerAuth });
    }

    [Fact]
    public void The_search_turns_back_from_a_path_that_is_denied()
    {
        var key = ForgeKey.P256();
        var denied = CertificateForge.Ca("CA").Key(key).IssuedBy(Root);
        var good = CertificateForge.Ca("CA").Key(key).Serial(7).IssuedBy(Root);
        var trial = new Trial(CertificateForge.Leaf().IssuedBy(good), [denied, good], Root) { Denied = new DenyList([(Root.Certificate, denied.Certificate.Serial)]) };

        Assert.Equal(good.Der, trial.ShouldPass().Certificates[1].Der.ToArray());
        (trial with { Intermediates = [denied] }).ShouldRefuse(X509RejectionReason.Denied);
    }

    [Fact]
    public void Circles_end_with_and_without_a_way_out()
    {
        var (keyA, keyB) = (ForgeKey.P256(), ForgeKey.P256());
        var a = CertificateForge.Ca("A").Key(keyA).SelfSigned();
        var aByB = CertificateForge.Ca("A").Key(keyA).IssuedBy(CertificateForge.Ca("B").Key(keyB).SelfSigned());
        var bByA = CertificateForge.Ca("B").Key(keyB).IssuedBy(a);
        var wayOut = CertificateForge.Ca("B").Key(keyB).IssuedBy(Root);
        var leaf = CertificateForge.Leaf().IssuedBy(a);

        new Trial(leaf, [aByB, bByA], Root).ShouldRefuse(X509RejectionReason.UntrustedAnchor);
        new Trial(leaf, [a, aByB, bByA], Root).ShouldRefuse(X509RejectionReason.UntrustedAnchor);
        new Trial(leaf, [a, aByB, bByA, wayOut], Root).ShouldPass();
    }

    [Fact]
    public void A_name_with_its_key_stands_on_a_path_once()
    {
        var key = ForgeKey.P256();
        var ca = CertificateForge.Ca("CA").Key(key).IssuedBy(Root);
        var again = CertificateForge.Ca("CA").Key(key).Serial(7).IssuedBy(ca);

        Assert.Equal(3, new Trial(CertificateForge.Leaf().IssuedBy(ca), [again, ca], Root).ShouldPass().Certificates.Count);
    }

    [Fact]
    public void As_many_intermediates_are_taken_as_the_policy_says_and_no_more()
    {
        Limited(3, 3).ShouldPass();
        Limited(4, 3).ShouldRefuse(X509RejectionReason.PathTooLong);
        Limited(0, 0).ShouldPass();
        Limited(1, 0).ShouldRefuse(X509RejectionReason.PathTooLong);

        static Trial Limited(int count, int limit) => Chain(count).Asking(policy => policy with { MaxIntermediates = limit });
    }

    [Fact]
    public void Six_intermediates_are_taken_where_nothing_else_is_said()
    {
        Chain(6).ShouldPass();
        Chain(7).ShouldRefuse(X509RejectionReason.PathTooLong);
    }

    [Fact]
    public void A_detour_that_is_too_long_does_not_hide_the_short_way()
    {
        var key = ForgeKey.P256();
        var far = CertificateForge.Ca("Far").IssuedBy(Root);
        var detour = CertificateForge.Ca("CA").Key(key).IssuedBy(far);
        var direct = CertificateForge.Ca("CA").Key(key).IssuedBy(Root);
        var trial = new Trial(CertificateForge.Leaf().IssuedBy(direct), [detour, far, direct], Root).Asking(policy => policy with { MaxIntermediates = 1 });

        Assert.Equal(3, trial.ShouldPass().Certificates.Count);
    }

    [Fact]
    public void The_refusal_told_is_that_of_the_attempt_that_came_farthest()
    {
        var key = ForgeKey.P256();
        var noCa = CertificateForge.Ca("CA").Key(key).With(Ext.NoCa).IssuedBy(Root);
        var forged = CertificateForge.Ca("CA").IssuedBy(Root);
        var complete = CertificateForge.Ca("CA").Key(key).With(Ext.PolicyConstraints(requireExplicit: 0)).IssuedBy(Root);
        var leaf = CertificateForge.Leaf().IssuedBy(complete);

        new Trial(leaf, [forged], Root).ShouldRefuse(X509RejectionReason.SignatureInvalid);
        new Trial(leaf, [forged, noCa], Root).ShouldRefuse(X509RejectionReason.IssuerNotCa);
        new Trial(leaf, [complete, forged, noCa], Root).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
        new Trial(leaf, [noCa, forged, complete], Root).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
    }

    [Fact]
    public void What_an_anchor_breaks_is_told_rather_than_what_an_intermediate_does()
    {
        var expired = CertificateForge.Ca("Root").Valid(CertificateForge.NotBefore, CertificateForge.NotBefore).SelfSigned();
        var lure = CertificateForge.Ca("Root").With(Ext.NoCa).IssuedBy(expired);

        new Trial(CertificateForge.Leaf().IssuedBy(expired), [lure], expired).ShouldRefuse(X509RejectionReason.Expired);
    }

    private static Trial Chain(int count)
    {
        var cas = new List<ForgedCertificate> { Root };
        for (var i = 0; i < count; i++)
        {
            cas.Add(CertificateForge.Ca($"CA {i}").IssuedBy(cas[^1]));
        }

        return new(CertificateForge.Leaf().IssuedBy(cas[^1]), [.. cas.Skip(1)], Root);
    }
}
