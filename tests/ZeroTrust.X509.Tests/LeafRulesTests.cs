using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

public sealed class LeafRulesTests
{
    [Fact]
    public void A_CA_is_no_leaf_but_where_RFC_5280_is_taken_to_the_letter()
    {
        var trial = Trial.Of(leaf: leaf => leaf.With(Ext.Ca()));

        trial.ShouldRefuse(X509RejectionReason.LeafIsCa);
        trial.Under(PathProfile.Rfc5280).ShouldPass();
        Trial.Of(leaf: leaf => leaf.With(Ext.NoCa)).ShouldPass();
    }

    [Fact]
    public void A_leaf_constrains_no_names()
    {
        var constraints = Ext.Permitted(Gn.Dns("example.com"));

        Trial.Of(leaf: leaf => leaf.With(constraints)).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        Trial.Of(leaf: leaf => leaf.With(constraints)).Under(PathProfile.Rfc5280).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        Trial.Of(leaf: leaf => leaf.With(constraints).With(Ext.Ca())).Under(PathProfile.Rfc5280).ShouldPass();
    }

    [Fact]
    public void A_leaf_signs_no_certificates()
    {
        var both = Ext.KeyUsage(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign);

        Trial.Of(leaf: leaf => leaf.With(both)).ShouldRefuse(X509RejectionReason.LeafKeyUsageInvalid);
        Trial.Of(leaf: leaf => leaf.With(both)).Under(PathProfile.Rfc5280).ShouldRefuse(X509RejectionReason.LeafKeyUsageInvalid);
        Trial.Of(leaf: leaf => leaf.With(both).With(Ext.Ca())).Under(PathProfile.Rfc5280).ShouldPass();
        Trial.Of(leaf: leaf => leaf.With(Ext.KeyUsage(X509KeyUsageFlags.DigitalSignature))).ShouldPass();
    }

    [Fact]
    public void A_leaf_signs_handshakes_but_where_RFC_5280_is_taken_to_the_letter()
    {
        var trial = Trial.Of(leaf: leaf => leaf.With(Ext.KeyUsage(X509KeyUsageFlags.KeyEncipherment)));

        trial.ShouldRefuse(X509RejectionReason.LeafKeyUsageInvalid);
        trial.Under(PathProfile.Rfc5280).ShouldPass();
    }

    [Fact]
    public void A_leaf_without_a_key_usage_may_sign() => Trial.Of(leaf: leaf => leaf.Without(Ext.KeyUsageOid)).ShouldPass();

    [Fact]
    public void The_extended_key_usage_holds_the_purpose()
    {
        Serving(leaf => leaf.With(Ext.ExtendedKeyUsage(KeyPurposes.ServerAuth))).ShouldPass();
        Serving(leaf => leaf.With(Ext.ExtendedKeyUsage("1.2.3.4", KeyPurposes.ServerAuth))).ShouldPass();
        Serving(leaf => leaf.With(Ext.ExtendedKeyUsage(KeyPurposes.ClientAuth))).ShouldRefuse(X509RejectionReason.ExtendedKeyUsageMissing);
        Serving(leaf => leaf.With(Ext.ExtendedKeyUsage(KeyPurposes.ClientAuth))).Under(PathProfile.Rfc5280).ShouldRefuse(X509RejectionReason.ExtendedKeyUsageMissing);
    }

    [Fact]
    public void An_absent_extended_key_usage_allows_nothing_but_where_RFC_5280_is_taken_to_the_letter()
    {
        var trial = Serving(leaf => leaf.Without(Ext.ExtendedKeyUsageOid));

        Assert.Equal("absent", trial.ShouldRefuse(X509RejectionReason.ExtendedKeyUsageMissing).Presented);
        trial.Under(PathProfile.Rfc5280).ShouldPass();
        trial.Asking(policy => policy with { Purpose = null }).ShouldPass();
    }

    [Fact]
    public void A_leaf_for_any_purpose_is_for_none_but_where_RFC_5280_is_taken_to_the_letter()
    {
        var any = Serving(leaf => leaf.With(Ext.ExtendedKeyUsage(Ext.AnyExtendedKeyUsage)));
        var both = Serving(leaf => leaf.With(Ext.ExtendedKeyUsage(KeyPurposes.ServerAuth, Ext.AnyExtendedKeyUsage)));

        any.ShouldRefuse(X509RejectionReason.ExtendedKeyUsageMissing);
        any.Under(PathProfile.Rfc5280).ShouldPass();
        both.ShouldRefuse(X509RejectionReason.ExtendedKeyUsageMissing);
        both.Under(PathProfile.Rfc5280).ShouldPass();
    }

    [Fact]
    public void The_purpose_may_be_one_of_your_own()
    {
        var trial = Trial.Of(leaf: leaf => leaf.With(Ext.ExtendedKeyUsage("1.3.6.1.4.1.99999.1")));

        trial.Asking(policy => policy with { Purpose = "1.3.6.1.4.1.99999.1" }).ShouldPass();
        trial.Asking(policy => policy with { Purpose = "1.3.6.1.4.1.99999.2" }).ShouldRefuse(X509RejectionReason.ExtendedKeyUsageMissing);
    }

    /// <summary>Baseline Requirements, section 7.1.2.7.6.</summary>
    [Fact]
    public void The_baseline_requirements_ask_for_an_extended_key_usage_that_is_not_critical()
    {
        var trial = Serving(leaf => leaf.With(Ext.ExtendedKeyUsage(KeyPurposes.ServerAuth).Critical));

        trial.ShouldPass();
        trial.Asking(policy => policy with { BaselineRequirements = true }).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        Serving(_ => { }).Asking(policy => policy with { BaselineRequirements = true }).ShouldPass();
    }

    private static Trial Serving(Action<CertificateForge> leaf) => Trial.Of(leaf: leaf).Asking(policy => policy with { Purpose = KeyPurposes.ServerAuth });
}
