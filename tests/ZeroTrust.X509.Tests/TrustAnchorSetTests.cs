using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

public sealed class TrustAnchorSetTests
{
    [Fact]
    public void A_repeated_anchor_counts_once()
    {
        var root = CertificateForge.Ca("Root").SelfSigned();
        var other = CertificateForge.Ca("Root").SelfSigned();
        var set = new TrustAnchorSet(root.Certificate, root.Der.ShouldRead(), other.Certificate);

        Assert.Equal(2, set.Count);
        Assert.Equal([root.Der, other.Der], set.Select(anchor => anchor.Der.ToArray()));
    }

    [Fact]
    public void Anchors_are_found_by_their_name_as_it_compares()
    {
        var root = CertificateForge.Ca("Example Root").SelfSigned();
        var leaf = CertificateForge.Leaf().Issuer(Dn.Cn("EXAMPLE  root")).IssuedBy(root);

        new Trial(leaf, [], root).ShouldPass();
    }

    [Fact]
    public void An_anchor_with_a_key_that_is_refused_is_held_and_trusts_nobody()
    {
        var weak = CertificateForge.Ca("Root").KeyInfo(ForgeKey.Info("1.2.3", [], [1])).SelfSigned();

        Assert.Single(new TrustAnchorSet(weak.Certificate));
        new Trial(CertificateForge.Leaf().IssuedBy(weak), [], weak).ShouldRefuse(X509RejectionReason.KeyRefused);
    }

    [Fact]
    public void There_have_to_be_anchors() => Assert.Throws<ArgumentNullException>(() => new TrustAnchorSet(null!));
}
