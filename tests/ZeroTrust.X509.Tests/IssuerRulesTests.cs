using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

public sealed class IssuerRulesTests
{
    private const X509KeyUsageFlags CaUsage = X509KeyUsageFlags.KeyCertSign;

    [Fact]
    public void A_leaf_issues_nothing()
    {
        var root = CertificateForge.Ca("Root").SelfSigned();
        var peer = CertificateForge.Leaf("peer.example.com").IssuedBy(root);
        var forged = CertificateForge.Leaf("other.example.com").IssuedBy(peer);

        new Trial(forged, [peer], root).ShouldRefuse(X509RejectionReason.IssuerNotCa);
        new Trial(peer, [], root).ShouldPass();
    }

    [Fact]
    public void A_CA_says_so_in_its_basic_constraints()
    {
        Trial.Of(ca: ca => ca.Without(Ext.BasicConstraintsOid)).ShouldRefuse(X509RejectionReason.IssuerNotCa);
        Trial.Of(ca: ca => ca.With(Ext.NoCa)).ShouldRefuse(X509RejectionReason.IssuerNotCa);
        Trial.Of(ca: ca => ca.With(Ext.Ca())).ShouldPass();
    }

    [Fact]
    public void An_anchor_is_a_CA_too() => Trial.Of(root: root => root.Without(Ext.BasicConstraintsOid)).ShouldRefuse(X509RejectionReason.IssuerNotCa);

    [Fact]
    public void Basic_constraints_need_not_be_critical_but_at_the_anchor_where_RFC_5280_is_taken_to_the_letter()
    {
        Trial.Of(ca: ca => ca.With(Ext.Ca().NotCritical)).Under(PathProfile.Rfc5280).ShouldPass();
        Trial.Of(root: root => root.With(Ext.Ca().NotCritical)).ShouldPass();
        Trial.Of(root: root => root.With(Ext.Ca().NotCritical)).Under(PathProfile.Rfc5280).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
    }

    [Fact]
    public void A_key_usage_without_keyCertSign_issues_nothing()
    {
        var crlOnly = Ext.KeyUsage(X509KeyUsageFlags.CrlSign | X509KeyUsageFlags.DigitalSignature);

        Trial.Of(ca: ca => ca.With(crlOnly)).ShouldRefuse(X509RejectionReason.IssuerKeyUsageInvalid);
        Trial.Of(root: root => root.With(crlOnly)).ShouldRefuse(X509RejectionReason.IssuerKeyUsageInvalid);
        Trial.Of(ca: ca => ca.With(Ext.KeyUsage(CaUsage))).ShouldPass();
    }

    [Fact]
    public void A_key_usage_may_be_absent_but_where_RFC_5280_is_taken_to_the_letter()
    {
        var trial = Trial.Of(ca: ca => ca.Without(Ext.KeyUsageOid));

        trial.ShouldPass();
        trial.Under(PathProfile.Rfc5280).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
    }

    [Fact]
    public void A_subject_key_identifier_may_be_absent_but_where_RFC_5280_is_taken_to_the_letter()
    {
        var trial = Trial.Of(root: root => root.WithoutKeyIds());

        trial.ShouldPass();
        trial.Under(PathProfile.Rfc5280).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
    }

    [Fact]
    public void A_CA_without_a_name_is_refused()
    {
        var root = CertificateForge.Ca("Root").SelfSigned();
        var ca = CertificateForge.Ca(Dn.Empty).IssuedBy(root);

        new Trial(CertificateForge.Leaf().IssuedBy(ca), [ca], root).ShouldRefuse(X509RejectionReason.NameMissing);
        Trial.Of().ShouldPass();
    }

    [Fact]
    public void The_extended_key_usage_of_every_CA_allows_the_purpose()
    {
        var server = Trial.Of(ca: ca => ca.With(Ext.ExtendedKeyUsage(KeyPurposes.ServerAuth)));
        var client = server.Asking(policy => policy with { Purpose = KeyPurposes.ClientAuth });

        client.ShouldRefuse(X509RejectionReason.ExtendedKeyUsageMissing);
        server.Asking(policy => policy with { Purpose = KeyPurposes.ServerAuth }).ShouldPass();
        server.Asking(policy => policy with { Purpose = null }).ShouldPass();
    }

    [Fact]
    public void The_extended_key_usage_of_the_anchor_holds_too() => Trial.Of(root: root => root.With(Ext.ExtendedKeyUsage(KeyPurposes.ServerAuth)))
        .Asking(policy => policy with { Purpose = KeyPurposes.ClientAuth })
        .ShouldRefuse(X509RejectionReason.ExtendedKeyUsageMissing);

    [Fact]
    public void A_CA_with_any_purpose_allows_each()
    {
        var trial = Trial.Of(ca: ca => ca.With(Ext.ExtendedKeyUsage("1.2.3.4", Ext.AnyExtendedKeyUsage)));

        trial.Asking(policy => policy with { Purpose = KeyPurposes.ClientAuth }).ShouldPass();
    }

    [Fact]
    public void A_path_length_counts_the_CAs_below()
    {
        ForCas(1, Ext.Ca(1)).ShouldPass();
        ForCas(2, Ext.Ca(1)).ShouldRefuse(X509RejectionReason.PathTooLong);
        ForCas(0, Ext.Ca(0)).ShouldPass();
        ForCas(1, Ext.Ca(0)).ShouldRefuse(X509RejectionReason.PathTooLong);
    }

    [Fact]
    public void The_path_length_of_an_intermediate_holds()
    {
        var root = CertificateForge.Ca("Root").SelfSigned();
        var upper = CertificateForge.Ca("Upper").With(Ext.Ca(0)).IssuedBy(root);
        var lower = CertificateForge.Ca("Lower").IssuedBy(upper);

        new Trial(CertificateForge.Leaf().IssuedBy(lower), [upper, lower], root).ShouldRefuse(X509RejectionReason.PathTooLong);
        new Trial(CertificateForge.Leaf().IssuedBy(upper), [upper, lower], root).ShouldPass();
    }

    [Fact]
    public void A_longer_path_length_below_does_not_widen_one_above()
    {
        var root = CertificateForge.Ca("Root").With(Ext.Ca(1)).SelfSigned();
        var upper = CertificateForge.Ca("Upper").With(Ext.Ca(9)).IssuedBy(root);
        var lower = CertificateForge.Ca("Lower").IssuedBy(upper);

        new Trial(CertificateForge.Leaf().IssuedBy(lower), [upper, lower], root).ShouldRefuse(X509RejectionReason.PathTooLong);
        new Trial(CertificateForge.Leaf().IssuedBy(upper), [upper, lower], root).ShouldPass();
    }

    [Fact]
    public void Self_issued_CAs_do_not_count_against_a_path_length()
    {
        var root = CertificateForge.Ca("Root").With(Ext.Ca(1)).SelfSigned();
        var ca = CertificateForge.Ca("CA").With(Ext.Ca(0)).IssuedBy(root);
        var renewed = CertificateForge.Ca("CA").With(Ext.Ca(0)).IssuedBy(ca);
        var other = CertificateForge.Ca("Other").IssuedBy(ca);

        new Trial(CertificateForge.Leaf().IssuedBy(renewed), [ca, renewed], root).ShouldPass();
        new Trial(CertificateForge.Leaf().IssuedBy(other), [ca, other], root).ShouldRefuse(X509RejectionReason.PathTooLong);
    }

    /// <summary>Baseline Requirements, section 7.1.2.1.</summary>
    [Fact]
    public void The_baseline_requirements_keep_purposes_off_a_root()
    {
        var trial = Trial.Of(root: root => root.With(Ext.ExtendedKeyUsage(KeyPurposes.ServerAuth)));

        trial.ShouldPass();
        Baseline(trial).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        Baseline(Trial.Of()).ShouldPass();
        Baseline(Trial.Of(ca: ca => ca.With(Ext.ExtendedKeyUsage(KeyPurposes.ServerAuth)))).ShouldPass();
    }

    [Fact]
    public void The_baseline_requirements_let_a_root_name_its_own_key_only()
    {
        var key = ForgeKey.P256();

        Baseline(Trial.Of(root: root => root.Key(key).With(Ext.AuthorityKeyId(key.Id)))).ShouldPass();
        Baseline(Trial.Of(root: root => root.Key(key).With(Ext.AuthorityKeyId([1])))).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        Baseline(Trial.Of(root: root => root.Key(key).With(Named(Der.Tlv(0x80, key.Id), Der.Tlv(0x82, [1]))))).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        Baseline(Trial.Of(root: root => root.Key(key).With(Named(Der.Tlv(0x82, [1]))))).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        Trial.Of(root: root => root.Key(key).With(Ext.AuthorityKeyId([1]))).ShouldPass();

        static ForgedExtension Named(params byte[][] fields) => new(Ext.AuthorityKeyIdOid, Der.Sequence(fields));
    }

    private static Trial Baseline(Trial trial) => trial.Asking(policy => policy with { BaselineRequirements = true });

    /// <summary>A root of these constraints above as many CAs.</summary>
    private static Trial ForCas(int count, ForgedExtension constraints)
    {
        var root = CertificateForge.Ca("Root").With(constraints).SelfSigned();
        var cas = new List<ForgedCertificate>();
        for (var i = 0; i < count; i++)
        {
            cas.Add(CertificateForge.Ca($"CA {i}").IssuedBy(i == 0 ? root : cas[^1]));
        }

        return new(CertificateForge.Leaf().IssuedBy(count == 0 ? root : cas[^1]), [.. cas], root);
    }
}
