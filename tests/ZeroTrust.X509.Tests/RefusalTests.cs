using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

/// <summary>A refusal says which certificate it is about, what is wrong with it and by which section.</summary>
public sealed class RefusalTests
{
    private const int MaxDetailLength = 2048;

    [Fact]
    public void The_place_of_the_certificate_is_told()
    {
        Tell(Trial.Of(leaf: leaf => leaf.Serial(0x00)), "certificate 1 of 2 as sent, the leaf, 'CN=Leaf'", trial => trial.Leaf);
        Tell(Trial.Of(ca: ca => ca.Serial(0x00)), "certificate 2 of 2 as sent, 'CN=CA'", trial => trial.Intermediates[0]);
        Tell(Trial.Of(root: root => root.With(Ext.KeyUsage(X509KeyUsageFlags.CrlSign))), "the anchor, 'CN=Root'", trial => trial.Anchors[0]);
    }

    [Fact]
    public void The_place_is_that_of_the_order_in_which_they_were_sent()
    {
        var root = CertificateForge.Ca("Root").SelfSigned();
        var upper = CertificateForge.Ca("Upper").Serial(0x00).IssuedBy(root);
        var lower = CertificateForge.Ca("Lower").IssuedBy(upper);
        var leaf = CertificateForge.Leaf().IssuedBy(lower);
        var stray = CertificateForge.Ca("Stray").IssuedBy(root);

        Tell(new Trial(leaf, [stray, upper, lower], root), "certificate 3 of 4 as sent, 'CN=Upper'", _ => upper);
        Tell(new Trial(leaf, [lower, upper], root), "certificate 3 of 3 as sent, 'CN=Upper'", _ => upper);
    }

    /// <summary>The CA is kept between calls, and is another object then than the one that was sent.</summary>
    [Fact]
    public void The_place_is_told_of_a_CA_that_is_known()
    {
        var soon = CertificateForge.NotAfter.AddDays(-9);
        var trial = Trial.Of(ca: ca => ca.Valid(CertificateForge.NotBefore, soon));
        var validator = trial.Validator();
        for (var i = 0; i < 3; i++)
        {
            trial.ShouldPass(validator);
        }

        var rejection = trial.At(soon.AddDays(1)).ShouldRefuse(X509RejectionReason.Expired, validator);
        Assert.Contains("certificate 2 of 2 as sent, 'CN=CA'", rejection.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_rule_names_its_section()
    {
        Section("4.1.2.1", Trial.Of(leaf: leaf => leaf.Raw(TbsField.Version, []).Raw(TbsField.Extensions, [])));
        Section("4.1.2.2", Trial.Of(leaf: leaf => leaf.Serial(0x80)));
        Section("4.1.1.2", Trial.Of(leaf: leaf => leaf.OuterAlgorithm(ForgeKey.AlgorithmOf("1.2.840.10045.4.3.3"))));
        Section("4.1.2.4", Trial.Of(leaf: leaf => leaf.Issuer(Dn.Empty)));
        Section("4.1.2.5", Trial.Of(leaf: leaf => leaf.Valid(CertificateForge.NotBefore, CertificateForge.NotBefore)));
        Section("4.1.2.7", Trial.Of(leaf: leaf => leaf.KeyInfo(ForgeKey.Info("1.3.101.112", [], new byte[32]))));
        Section("4.2", Trial.Of(leaf: leaf => leaf.With(new ForgedExtension("1.2.3.4", Der.Null, IsCritical: true))));
        Section("4.2.1.1", Trial.Of(leaf: leaf => leaf.With(Ext.AuthorityKeyId([1]).Critical)));
        Section("4.2.1.2", Trial.Of(leaf: leaf => leaf.With(Ext.SubjectKeyId([1]).Critical)));
        Section("4.2.1.3", Trial.Of(leaf: leaf => leaf.With(Ext.KeyUsage(X509KeyUsageFlags.KeyAgreement))));
        Section("4.2.1.3", Trial.Of(ca: ca => ca.With(Ext.KeyUsage(X509KeyUsageFlags.CrlSign))));
        Section("4.2.1.6", Trial.Of(leaf: leaf => leaf.With(Ext.SubjectAltName(Gn.Uri("x")))));
        Section("4.2.1.9", Trial.Of(leaf: leaf => leaf.With(Ext.Ca())));
        Section("4.2.1.9", Trial.Of(ca: ca => ca.With(Ext.NoCa)));
        Section("4.2.1.9", Trial.Of(root: root => root.With(Ext.Ca(pathLength: 0))));
        Section("4.2.1.10", Trial.Of(ca: ca => ca.With(Ext.Permitted(Gn.Dns("other.example")))));
        Section("4.2.1.12", Trial.Of(leaf: leaf => leaf.Without(Ext.ExtendedKeyUsageOid)).Asking(policy => policy with { Purpose = KeyPurposes.ServerAuth }));
        Section("6.1", Trial.Of() with { Anchors = [] });
        Section("6.1.3", Trial.Of(ca: ca => ca.Key(ForgeKey.P256() with { Sign = ForgeKey.P256().Sign })));
        Section("6.1.3", Trial.Of().Asking(policy => policy with { RequireExplicitPolicy = true }));
        Section("6.1.5", Trial
            .Of(leaf => leaf.With(Ext.Policies("1.2.3")), ca => ca.With(Ext.Policies("1.2.3")))
            .Asking(policy => policy with { RequireExplicitPolicy = true, CertificatePolicies = ["1.2.4"] }));
        Section("6.3", Trial.Of().Asking(policy => policy with { Revocation = RevocationMode.HardFail }));

        static void Section(string section, Trial trial)
        {
            var verdict = trial.Run();
            Assert.False(verdict.IsAccepted, section);
            Assert.Matches($@"(RFC 5280 section[s]?|and) {section.Replace(".", @"\.", StringComparison.Ordinal)}[ \)]", verdict.Rejection.Detail);
            Assert.Contains("SHA-256 ", verdict.Rejection.Detail, StringComparison.Ordinal);
        }
    }

    /// <summary>One text for several faults is wrong for all but one of them.</summary>
    [Fact]
    public void A_text_says_what_the_certificate_has()
    {
        Says("is zero", Trial.Of(leaf: leaf => leaf.Serial(0x00)));
        Says("is negative", Trial.Of(leaf: leaf => leaf.Serial(0x80)));
        Says("has 21 octets", Trial.Of(leaf: leaf => leaf.Serial([0x01, .. new byte[20]])));
        Says("does not hold digitalSignature", Trial.Of(leaf: leaf => leaf.With(Ext.KeyUsage(X509KeyUsageFlags.KeyAgreement))));
        Says("holds keyCertSign", Trial.Of(leaf: leaf => leaf.With(Ext.KeyUsage(X509KeyUsageFlags.KeyCertSign))));
        Says("allows 0 CA certificates below it, and there are 1", Trial.Of(root: root => root.With(Ext.Ca(pathLength: 0))));
        Says("MaxIntermediates", Trial.Of().Asking(policy => policy with { MaxIntermediates = 0 }));
        Says("the modulus has 1024 bits", Trial.Of(leaf: leaf => leaf.KeyInfo(ForgeKey.RsaInfo((BigInteger.One << 1023) + 1, 65537))));
        Says("Ed25519", Trial.Of(leaf: leaf => leaf.KeyInfo(ForgeKey.Info("1.3.101.112", [], new byte[32]))));
        Says("the curve is secp256k1", Trial.Of(leaf: leaf => leaf.KeyInfo(ForgeKey.EcInfo(Der.Oid("1.3.132.0.10"), new byte[65]))));
        Says("the curve is not named", Trial.Of(leaf: leaf => leaf.KeyInfo(ForgeKey.EcInfo(Der.Sequence(), new byte[65]))));
        Says("the point is compressed", Trial.Of(leaf: leaf => leaf.KeyInfo(ForgeKey.EcInfo(Der.Oid("1.2.840.10045.3.1.7"), new byte[33]))));
        Says("MaxCandidates", Trial.Of().Asking(policy => policy with { Limits = new PathLimits { MaxCandidates = 0 } }));
        Says("MaxBytes", Trial.Of().Asking(policy => policy with { Limits = new PathLimits { MaxBytes = 9 } }));

        static void Says(string text, Trial trial) => Assert.Contains(text, trial.Run().Rejection!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_read_is_named_by_part_section_subject_and_hash()
    {
        Malformed("serial number", "4.1.2.2", CertificateForge.Leaf().Raw(TbsField.Serial, Der.Tlv(0x02, [0x00, 0x01])));
        Malformed("validity", "4.1.2.5", CertificateForge.Leaf().Raw(TbsField.Validity, Der.Sequence()));
        Malformed("signature algorithm", "4.1.1.2", CertificateForge.Leaf().OuterAlgorithm(Der.Sequence()));
        Malformed("subject public key", "4.1.2.7", CertificateForge.Leaf().Raw(TbsField.Key, Der.Sequence()));
        Malformed("version", "4.1.2.1", CertificateForge.Leaf().Raw(TbsField.Version, Der.Tlv(0xA0, Der.Integer(0))));
        Malformed("basic constraints (2.5.29.19)", "4.2.1.9", CertificateForge.Leaf().With(new ForgedExtension(Ext.BasicConstraintsOid, Der.Sequence(Der.Integer(1)))));
        Malformed("key usage (2.5.29.15)", "4.2.1.3", CertificateForge.Leaf().With(new ForgedExtension(Ext.KeyUsageOid, [0x03, 0x01, 0x00])));
        Malformed("extension (1.2.3.4)", "4.2", CertificateForge.Leaf().With(new ForgedExtension("1.2.3.4", [])).Again(new ForgedExtension("1.2.3.4", [])));

        static void Malformed(string part, string section, CertificateForge forge)
        {
            var der = forge.SelfSigned().Der;
            var rejection = X509Assert.Refused(X509RejectionReason.Malformed, Certificate.Read(der));

            Assert.StartsWith($"The {part} cannot be read (RFC 5280 section {section}): ", rejection.Detail, StringComparison.Ordinal);
            Assert.Contains("'CN=Leaf'", rejection.Detail, StringComparison.Ordinal);
            Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(der)), rejection.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Bytes_without_a_subject_are_named_by_their_hash()
    {
        byte[] garbage = [0x30, 0x03, 0x02, 0x01, 0x00];
        var rejection = X509Assert.Refused(X509RejectionReason.Malformed, Certificate.Read(garbage));

        Assert.Contains($"without a readable subject (5 bytes, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(garbage))})", rejection.Detail, StringComparison.Ordinal);
    }

    /// <summary>An attack: names are the peer's to choose, and a detail goes to the log.</summary>
    [Fact]
    public void Names_of_strangers_are_cut_and_cleaned()
    {
        var hostile = Dn.Cn("\u001b[2J\n\u202e" + new string('x', 60_000));
        Trial[] trials =
        [
            Trial.Of(leaf: leaf => leaf.Subject(hostile).Serial(0x00)),
            Trial.Of(leaf: leaf => leaf.With(Ext.SubjectAltName(Gn.Dns("a\n" + new string('b', 9_000))))),
            Trial.Of(leaf: leaf => leaf.With(Ext.SubjectAltName(Gn.Dns(new string('b', 200)))), ca: ca => ca.Subject(hostile).With(Ext.Permitted(Gn.Dns("example.com")))),
            Trial.Of(ca: ca => ca.With(Ext.Permitted(Gn.Dns("." + new string('c', 9_000) + "\n")))),
            Trial.Of(leaf: leaf => leaf.Serial([0x01, .. new byte[9_000]])),
            Trial.Of(leaf: leaf => leaf.With(new ForgedExtension("1.2.3.4." + string.Join('.', Enumerable.Repeat("999999", 20)), Der.Null, IsCritical: true))),
        ];

        foreach (var detail in trials.Select(trial => trial.Run().Rejection!.Detail))
        {
            Assert.InRange(detail.Length, 1, MaxDetailLength - 1);
            Assert.DoesNotContain(detail, character => char.IsControl(character) || character == '\u202e');
        }
    }

    private static void Tell(Trial trial, string place, Func<Trial, ForgedCertificate> meant)
    {
        var detail = trial.Run().Rejection!.Detail;

        Assert.Contains($"This is {place} (SHA-256 {Convert.ToHexStringLower(SHA256.HashData(meant(trial).Der))})", detail, StringComparison.Ordinal);
    }
}
