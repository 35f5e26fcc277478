using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

/// <summary>Key identifiers order candidates by our rules, and end the chain of the platform where they do not match.</summary>
public sealed class PlatformKeyIdentifierTests
{
    private static readonly ForgeKey Key = ForgeKey.P256();
    private static readonly ForgedCertificate Root = CertificateForge.Ca("Root").Key(Key).Serial(0x02).SelfSigned();

    /// <summary>openssl writes issuer and serial number of the CA into what it issues: of the one before the renewal.</summary>
    [Fact]
    public void A_CA_that_was_renewed_with_its_key_is_accepted()
    {
        Vetoed(new Trial(Leaf(Aki(Key.Id, Dn.Cn("Root"), 0x01)).IssuedBy(Root), [], Root)).ShouldPass();
        Vetoed(new Trial(Leaf(Aki(null, Dn.Cn("Root"), 0x01)).IssuedBy(Root), [], Root)).ShouldPass();
        Vetoed(new Trial(Leaf(Aki(Key.Id, Dn.Cn("Former Root"), 0x02)).IssuedBy(Root), [], Root)).ShouldPass();
        Vetoed(new Trial(Leaf(Aki(Key.Id, Dn.Cn("Root"), 0x02)).IssuedBy(Root), [], Root)).ShouldPass();
    }

    [Fact]
    public void A_key_identifier_that_does_not_match_is_borne_at_every_step()
    {
        var other = Ext.AuthorityKeyId([1, 2, 3]);
        var ca = CertificateForge.Ca("CA").IssuedBy(Root);
        var stray = CertificateForge.Ca("CA").With(other).IssuedBy(Root);

        Vetoed(new Trial(Leaf(other).IssuedBy(ca), [ca], Root)).ShouldPass();
        Vetoed(new Trial(CertificateForge.Leaf().IssuedBy(stray), [stray], Root)).ShouldPass();
        Vetoed(new Trial(Leaf(other).IssuedBy(stray), [stray], Root)).Asking(policy => policy with { Purpose = KeyPurposes.ClientAuth }).ShouldPass();
    }

    [Fact]
    public void A_CA_that_changed_its_key_without_key_identifiers_is_accepted()
    {
        var before = CertificateForge.Ca("CA").WithoutKeyIds().IssuedBy(Root);
        var after = CertificateForge.Ca("CA").WithoutKeyIds().IssuedBy(before);

        Vetoed(new Trial(CertificateForge.Leaf().WithoutKeyIds().IssuedBy(after), [after, before], Root)).ShouldPass();
        Vetoed(new Trial(Leaf(Aki(null, null, 0x55)).IssuedBy(after), [after, before], Root)).ShouldPass();
    }

    /// <summary>An attack: the identifiers are the attacker's to choose, and must not keep the platform from looking at what a CA above constrains.</summary>
    [Fact]
    public void No_step_is_ours_below_a_CA_with_name_constraints()
    {
        var constrained = CertificateForge.Ca("CA").With(Ext.Permitted(Gn.Dns("example.com"))).IssuedBy(Root);
        var rejection = Vetoed(new Trial(Leaf(Ext.AuthorityKeyId([1, 2, 3])).IssuedBy(constrained), [constrained], Root)).ShouldRefuse(X509RejectionReason.PlatformVeto);

        Assert.Contains("PartialChain at 'CN=Leaf'", rejection.Detail, StringComparison.Ordinal);
        Assert.Contains("unable to get local issuer certificate", rejection.Detail, StringComparison.Ordinal);
        Vetoed(new Trial(CertificateForge.Leaf().IssuedBy(constrained), [constrained], Root)).ShouldPass();
    }

    /// <summary>The parts below and above the step are asked about all the same.</summary>
    [Fact]
    public void An_objection_beside_the_step_stays()
    {
        var constrained = CertificateForge.Ca("CA").With(Ext.Permitted(Gn.Dns("example.com"), Gn.Uri("example.com"))).With(Ext.AuthorityKeyId([1, 2, 3])).IssuedBy(Root);
        var disputed = CertificateForge.Leaf().Subject(Dn.Cn("host.evil.example")).With(Ext.SubjectAltName(Gn.Uri("spiffe://example.com/a")));

        Assert.Contains(
            "HasNotPermittedNameConstraint",
            Vetoed(new Trial(disputed.IssuedBy(constrained), [constrained], Root)).ShouldRefuse(X509RejectionReason.PlatformVeto).Detail,
            StringComparison.Ordinal);
        Vetoed(new Trial(CertificateForge.Leaf().IssuedBy(constrained), [constrained], Root)).ShouldPass();
    }

    [Fact]
    public void An_identifier_is_no_proof_of_a_signature()
    {
        var stranger = CertificateForge.Ca("Root").SelfSigned();

        Vetoed(new Trial(Leaf(Aki(Key.Id, Dn.Cn("Root"), 0x01)).IssuedBy(stranger), [], Root)).ShouldRefuse(X509RejectionReason.SignatureInvalid);
        Vetoed(new Trial(Leaf(Aki(Key.Id, Dn.Cn("Root"), 0x02)).IssuedBy(stranger), [], Root)).ShouldRefuse(X509RejectionReason.SignatureInvalid);
    }

    private static CertificateForge Leaf(ForgedExtension authority) => CertificateForge.Leaf().With(authority);

    private static ForgedExtension Aki(byte[]? id, byte[]? issuer, byte serial) => new(
        Ext.AuthorityKeyIdOid,
        Der.Sequence(id is null ? [] : Der.Tlv(0x80, id), issuer is null ? [] : Der.Tlv(0xA1, Gn.Directory(issuer)), Der.Tlv(0x82, [serial])));

    private static Trial Vetoed(Trial trial) => trial.Asking(policy => policy with { PlatformVeto = true });
}
