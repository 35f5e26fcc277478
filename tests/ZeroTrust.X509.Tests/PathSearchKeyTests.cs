using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

/// <summary>Namesakes with several keys: signatures decide, and key identifiers say which to try first.</summary>
public sealed class PathSearchKeyTests
{
    private static readonly ForgedCertificate Root = CertificateForge.Ca("Root").SelfSigned();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_CA_that_changed_its_key_is_found_by_its_signature(bool hasKeyIds)
    {
        var (before, after) = (Rotated(hasKeyIds), Rotated(hasKeyIds));
        var leaf = (hasKeyIds ? CertificateForge.Leaf() : CertificateForge.Leaf().WithoutKeyIds()).IssuedBy(after);

        Assert.Equal(after.Der, new Trial(leaf, [before, after], Root).ShouldPass().Certificates[1].Der.ToArray());
        Assert.Equal(after.Der, new Trial(leaf, [after, before], Root).ShouldPass().Certificates[1].Der.ToArray());
        new Trial(leaf, [before], Root).ShouldRefuse(X509RejectionReason.SignatureInvalid);

        static ForgedCertificate Rotated(bool hasKeyIds)
        {
            var forge = CertificateForge.Ca("CA");
            return (hasKeyIds ? forge : forge.WithoutKeyIds()).IssuedBy(Root);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_anchor_that_changed_its_key_is_found_by_its_signature(bool hasKeyIds)
    {
        var (before, after) = (Rotated(hasKeyIds), Rotated(hasKeyIds));
        var leaf = CertificateForge.Leaf().IssuedBy(after);

        Assert.Equal(after.Der, new Trial(leaf, [], before, after).ShouldPass().Anchor.Der.ToArray());
        Assert.Equal(after.Der, new Trial(leaf, [], after, before).ShouldPass().Anchor.Der.ToArray());
        new Trial(leaf, [], before).ShouldRefuse(X509RejectionReason.SignatureInvalid);

        static ForgedCertificate Rotated(bool hasKeyIds) => (hasKeyIds ? CertificateForge.Ca("Root") : CertificateForge.Ca("Root").WithoutKeyIds()).SelfSigned();
    }

    [Fact]
    public void Key_identifiers_that_lie_only_order_the_search()
    {
        var ca = CertificateForge.Ca("CA").IssuedBy(Root);
        var lure = CertificateForge.Ca("CA").With(Ext.SubjectKeyId([1, 2, 3])).IssuedBy(Root);
        var leaf = CertificateForge.Leaf().With(Ext.AuthorityKeyId([1, 2, 3])).IssuedBy(ca);

        Assert.Equal(ca.Der, new Trial(leaf, [lure, ca], Root).ShouldPass().Certificates[1].Der.ToArray());
    }

    [Fact]
    public void A_matching_key_identifier_is_tried_first()
    {
        var key = ForgeKey.P256();
        var plain = CertificateForge.Ca("CA").Key(key).WithoutKeyIds().IssuedBy(Root);
        var other = CertificateForge.Ca("CA").Key(key).With(Ext.SubjectKeyId([1])).IssuedBy(Root);
        var meant = CertificateForge.Ca("CA").Key(key).IssuedBy(Root);
        var leaf = CertificateForge.Leaf().IssuedBy(meant);

        Assert.Equal(meant.Der, new Trial(leaf, [other, plain, meant], Root).ShouldPass().Certificates[1].Der.ToArray());
        Assert.Equal(plain.Der, new Trial(leaf, [other, plain], Root).ShouldPass().Certificates[1].Der.ToArray());
        Assert.Equal(other.Der, new Trial(leaf, [other], Root).ShouldPass().Certificates[1].Der.ToArray());
    }
}
