using System.Security.Cryptography;
using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

public sealed class CertificateRulesTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    [Fact]
    public void A_chain_that_keeps_every_rule_is_accepted()
    {
        Trial.Of().ShouldPass();
        Trial.Of().Under(PathProfile.Rfc5280).ShouldPass();
    }

    [Fact]
    public void Version_1_is_refused_below_the_anchor()
    {
        Trial.Of(leaf: Version1).ShouldRefuse(X509RejectionReason.VersionUnsupported);
        Trial.Of(ca: Version1).ShouldRefuse(X509RejectionReason.VersionUnsupported);
        Trial.Of(root: Version1).ShouldPass();

        static void Version1(CertificateForge forge) => forge.Raw(TbsField.Version, []).Raw(TbsField.Extensions, []);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Versions_other_than_3_are_refused(byte encoded) => Trial
        .Of(leaf: leaf => leaf.Raw(TbsField.Version, Der.Tlv(0xA0, Der.Integer(encoded)))).ShouldRefuse(X509RejectionReason.VersionUnsupported);

    [Fact]
    public void The_serial_number_zero_is_refused_and_one_is_not()
    {
        Trial.Of(leaf: leaf => leaf.Serial(0)).ShouldRefuse(X509RejectionReason.SerialNumberInvalid);
        Trial.Of(leaf: leaf => leaf.Serial(1)).ShouldPass();
    }

    [Fact]
    public void A_negative_serial_number_is_refused()
    {
        Trial.Of(ca: ca => ca.Serial(0x80)).ShouldRefuse(X509RejectionReason.SerialNumberInvalid);
        Trial.Of(ca: ca => ca.Serial(0x00, 0x80)).ShouldPass();
    }

    [Fact]
    public void A_serial_number_has_20_octets_and_no_more()
    {
        Trial.Of(leaf: leaf => leaf.Serial([0x7F, .. new byte[19]])).ShouldPass();
        Trial.Of(leaf: leaf => leaf.Serial([0x7F, .. new byte[20]])).ShouldRefuse(X509RejectionReason.SerialNumberInvalid);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x80)]
    public void Legacy_issuers_may_number_from_zero_and_below(byte serial)
    {
        var trial = Trial.Of(leaf: leaf => leaf.Serial(serial));

        trial.ShouldRefuse(X509RejectionReason.SerialNumberInvalid);
        trial.Asking(policy => policy with { TolerateLegacyIssuers = true }).ShouldPass();
    }

    [Fact]
    public void Legacy_issuers_may_not_number_beyond_20_octets() => Trial
        .Of(leaf: leaf => leaf.Serial([0x7F, .. new byte[20]]))
        .Asking(policy => policy with { TolerateLegacyIssuers = true })
        .ShouldRefuse(X509RejectionReason.SerialNumberInvalid);

    [Fact]
    public void The_outer_algorithm_has_to_be_the_inner_one()
    {
        Trial.Of(leaf: leaf => leaf.OuterAlgorithm(ForgeKey.AlgorithmOf("1.2.840.10045.4.3.3"))).ShouldRefuse(X509RejectionReason.AlgorithmMismatch);
        Trial.Of(leaf: leaf => leaf.Raw(TbsField.Algorithm, ForgeKey.AlgorithmOf("1.2.840.10045.4.3.3"))).ShouldRefuse(X509RejectionReason.AlgorithmMismatch);
        Trial.Of(leaf: leaf => leaf.OuterAlgorithm(ForgeKey.AlgorithmOf(ForgeKey.EcdsaWithSha256))).ShouldPass();
    }

    [Fact]
    public void The_algorithms_are_compared_with_their_parameters()
    {
        var rsa = ForgeKey.Rsa(HashAlgorithmName.SHA256);

        Trial.Of(leaf: leaf => leaf.OuterAlgorithm(ForgeKey.AlgorithmOf(ForgeKey.Sha256WithRsa)), ca: ca => ca.Key(rsa)).ShouldRefuse(X509RejectionReason.AlgorithmMismatch);
        Trial.Of(ca: ca => ca.Key(rsa)).ShouldPass();
    }

    [Fact]
    public void Expiry_comes_after_the_last_second_with_all_its_fractions()
    {
        Trial.Of().At(CertificateForge.NotAfter + Second - TimeSpan.FromTicks(1)).ShouldPass();
        var rejection = Trial.Of().At(CertificateForge.NotAfter + Second).ShouldRefuse(X509RejectionReason.Expired);

        Assert.Equal(CertificateForge.NotAfter, rejection.At);
    }

    [Fact]
    public void Validity_begins_with_its_first_second_and_not_a_fraction_earlier()
    {
        Trial.Of().At(CertificateForge.NotBefore).ShouldPass();
        var rejection = Trial.Of().At(CertificateForge.NotBefore - TimeSpan.FromTicks(1)).ShouldRefuse(X509RejectionReason.NotYetValid);

        Assert.Equal(CertificateForge.NotBefore, rejection.At);
    }

    [Fact]
    public void The_clock_skew_widens_both_ends_and_by_no_second_more()
    {
        var trial = Trial.Of().Asking(policy => policy with { ClockSkew = Skew });

        trial.At(CertificateForge.NotAfter + Skew).ShouldPass();
        trial.At(CertificateForge.NotAfter + Skew + Second).ShouldRefuse(X509RejectionReason.Expired);
        trial.At(CertificateForge.NotBefore - Skew).ShouldPass();
        trial.At(CertificateForge.NotBefore - Skew - Second).ShouldRefuse(X509RejectionReason.NotYetValid);
    }

    [Fact]
    public void Time_zones_do_not_matter() => Trial.Of().At(CertificateForge.NotAfter.ToOffset(TimeSpan.FromHours(14))).ShouldPass();

    [Fact]
    public void Every_certificate_of_the_path_has_to_be_valid_the_anchor_too()
    {
        Trial.Of(ca: Short).ShouldRefuse(X509RejectionReason.Expired);
        Trial.Of(root: Short).ShouldRefuse(X509RejectionReason.Expired);
        Trial.Of(root: Short).At(Trial.Noon - Second).ShouldPass();

        static void Short(CertificateForge forge) => forge.Valid(CertificateForge.NotBefore, Trial.Noon - Second);
    }

    [Fact]
    public void A_validity_that_ends_before_it_begins_holds_never()
    {
        var trial = Trial.Of(leaf: leaf => leaf.Valid(Trial.Noon + Second, Trial.Noon - Second));

        trial.At(Trial.Noon - Second).ShouldRefuse(X509RejectionReason.NotYetValid);
        trial.At(Trial.Noon + Second).ShouldRefuse(X509RejectionReason.Expired);
    }

    [Fact]
    public void An_issuer_without_a_name_is_refused()
    {
        Trial.Of(leaf: leaf => leaf.Issuer(Dn.Empty)).ShouldRefuse(X509RejectionReason.NameMissing);
        Trial.Of(leaf: leaf => leaf.Issuer(Dn.Cn("CA"))).ShouldPass();
    }

    [Fact]
    public void An_unknown_critical_extension_is_refused_wherever_it_stands()
    {
        var unknown = new ForgedExtension("1.2.3.4", Der.Null);

        Trial.Of(leaf: leaf => leaf.With(unknown.Critical)).ShouldRefuse(X509RejectionReason.UnknownCriticalExtension);
        Trial.Of(ca: ca => ca.With(unknown.Critical)).ShouldRefuse(X509RejectionReason.UnknownCriticalExtension);
        Trial.Of(root: root => root.With(unknown.Critical)).ShouldRefuse(X509RejectionReason.UnknownCriticalExtension);
        Trial.Of(leaf => leaf.With(unknown), ca => ca.With(unknown), root => root.With(unknown)).ShouldPass();
    }

    [Fact]
    public void The_unknown_critical_extension_is_told() => Assert.Contains(
        "1.2.3.4",
        Trial.Of(leaf: leaf => leaf.With(new ForgedExtension("1.2.3.4", Der.Null).Critical)).ShouldRefuse(X509RejectionReason.UnknownCriticalExtension).Presented,
        StringComparison.Ordinal);

    [Fact]
    public void A_critical_authority_key_identifier_is_refused()
    {
        Trial.Of(leaf: leaf => leaf.With(Ext.AuthorityKeyId([1]).Critical)).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        Trial.Of(leaf: leaf => leaf.With(Ext.AuthorityKeyId([1]))).ShouldPass();
    }

    [Fact]
    public void A_critical_subject_key_identifier_is_refused()
    {
        Trial.Of(ca: ca => ca.With(Ext.SubjectKeyId([1]).Critical)).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        Trial.Of(ca: ca => ca.With(Ext.SubjectKeyId([1]))).ShouldPass();
    }

    [Fact]
    public void A_critical_authority_information_access_is_refused()
    {
        Trial.Of(leaf: leaf => leaf.With(Ext.AuthorityInfoAccess.Critical)).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        Trial.Of(leaf: leaf => leaf.With(Ext.AuthorityInfoAccess)).ShouldPass();
    }

    [Fact]
    public void Constraints_on_policies_are_critical_but_with_legacy_issuers()
    {
        foreach (var extension in new[] { Ext.PolicyConstraints(requireExplicit: 5), Ext.InhibitAnyPolicy(5) })
        {
            var trial = Trial.Of(ca: ca => ca.With(extension.NotCritical));

            trial.ShouldRefuse(X509RejectionReason.ExtensionInvalid);
            trial.Asking(policy => policy with { TolerateLegacyIssuers = true }).ShouldPass();
            Trial.Of(ca: ca => ca.With(extension)).ShouldPass();
        }
    }

    [Fact]
    public void Name_constraints_are_critical_where_RFC_5280_is_taken_to_the_letter()
    {
        var constraints = Ext.Permitted(Gn.Dns("example.com"));
        var trial = Trial.Of(ca: ca => ca.With(constraints.NotCritical));

        trial.ShouldPass();
        trial.Under(PathProfile.Rfc5280).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        Trial.Of(ca: ca => ca.With(constraints)).Under(PathProfile.Rfc5280).ShouldPass();
    }

    [Fact]
    public void An_authority_key_identifier_is_there_where_RFC_5280_is_taken_to_the_letter()
    {
        var trial = Trial.Of(leaf: leaf => leaf.WithoutKeyIds());

        trial.ShouldPass();
        trial.Under(PathProfile.Rfc5280).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
        Trial.Of(leaf: leaf => leaf.With(new ForgedExtension(Ext.AuthorityKeyIdOid, Der.Sequence(Der.Tlv(0x82, [1]))))).Under(PathProfile.Rfc5280).ShouldRefuse(X509RejectionReason.ExtensionInvalid);
    }

    [Fact]
    public void A_self_issued_anchor_needs_no_authority_key_identifier() => Trial
        .Of(root: root => root.Without(Ext.AuthorityKeyIdOid)).Under(PathProfile.Rfc5280).ShouldPass();
}
