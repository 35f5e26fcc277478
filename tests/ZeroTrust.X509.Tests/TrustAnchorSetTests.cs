using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

public sealed class TrustAnchorSetTests
{
    private static readonly ForgeKey Key = ForgeKey.P256();

    private static readonly Dictionary<string, Action<CertificateForge>> OwnChanges = new(StringComparer.Ordinal)
    {
        ["serial zero"] = forge => forge.Serial(0x00),
        ["serial negative"] = forge => forge.Serial(0x80),
        ["serial long"] = forge => forge.Serial([0x01, .. new byte[30]]),
        ["version 1"] = forge => forge.Raw(TbsField.Version, []).Raw(TbsField.Extensions, []),
        ["version 2"] = forge => forge.Raw(TbsField.Version, Der.Tlv(0xA0, Der.Integer(1))).Raw(TbsField.Extensions, []),
        ["version 1 with extensions"] = forge => forge.Raw(TbsField.Version, []),
        ["signed with SHA-1"] = forge => forge.Key(Key with { Algorithm = ForgeKey.AlgorithmOf("1.2.840.10045.4.1") }),
        ["signed by another key"] = forge => forge.Key(Key with { Sign = ForgeKey.P256().Sign }),
        ["two algorithms"] = forge => forge.OuterAlgorithm(ForgeKey.AlgorithmOf("1.2.840.10045.4.3.3")),
        ["no issuer"] = forge => forge.Issuer(Dn.Empty),
    };

    private static readonly List<(X509RejectionReason Reason, Action<CertificateForge> Change)> DecidingChanges =
    [
        (X509RejectionReason.IssuerNotCa, forge => forge.Without(Ext.BasicConstraintsOid)),
        (X509RejectionReason.IssuerNotCa, forge => forge.With(Ext.NoCa)),
        (X509RejectionReason.IssuerNotCa, forge => forge.Raw(TbsField.Version, []).With(Ext.NoCa)),
        (X509RejectionReason.IssuerKeyUsageInvalid, forge => forge.With(Ext.KeyUsage(X509KeyUsageFlags.CrlSign))),
        (X509RejectionReason.ExtendedKeyUsageMissing, forge => forge.With(Ext.ExtendedKeyUsage("1.2.3"))),
        (X509RejectionReason.KeyRefused, forge => forge.KeyInfo(ForgeKey.Info("1.2.3", [], [1]))),
        (X509RejectionReason.NameMissing, forge => forge.Subject(Dn.Empty)),
        (X509RejectionReason.UnknownCriticalExtension, forge => forge.With(new ForgedExtension("1.2.3.4", Der.Null, IsCritical: true))),
        (X509RejectionReason.NameConstraintsInvalid, forge => forge.With(Ext.Permitted(Gn.Dns(".example.com")))),
    ];

    public static TheoryData<string> OwnFacts => [.. OwnChanges.Keys];

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

    /// <summary>RFC 5280 section 6.1.1 (d): an anchor is a name and a key; roots of public CAs have the serial number zero.</summary>
    [Theory]
    [MemberData(nameof(OwnFacts))]
    public void What_an_anchor_says_of_its_own_certificate_decides_nothing(string fact)
    {
        var root = CertificateForge.Ca("Root").Key(Key).Vary(OwnChanges[fact]).SelfSigned() with { Key = Key };
        var trial = new Trial(CertificateForge.Leaf().IssuedBy(root), [], root);

        Assert.True(TrustAnchorSet.Check(root.Certificate, new PathPolicy()).IsAccepted, fact);
        trial.ShouldPass();
        trial.Asking(policy => policy with { PlatformVeto = true, Purpose = KeyPurposes.ServerAuth }).ShouldPass();
    }

    /// <summary>The same facts below the anchor are those of somebody who has to keep the rules.</summary>
    [Theory]
    [MemberData(nameof(OwnFacts))]
    public void The_same_refuses_a_certificate_below_the_anchor(string fact)
    {
        var root = CertificateForge.Ca("Root").Key(Key).SelfSigned();
        var signer = CertificateForge.Ca("Root").Key(Key).Vary(OwnChanges[fact]).SelfSigned() with { Subject = root.Subject };
        var ca = CertificateForge.Ca("CA").Key(Key).Vary(OwnChanges[fact]).IssuedBy(signer) with { Key = Key };

        Assert.False(new Trial(CertificateForge.Leaf().IssuedBy(ca), [ca], root).Run().IsAccepted, fact);
    }

    [Fact]
    public void What_an_anchor_may_do_goes_on_deciding()
    {
        foreach (var (reason, change) in DecidingChanges)
        {
            var root = CertificateForge.Ca("Root").Vary(change).SelfSigned();
            var verdict = TrustAnchorSet.Check(root.ShouldRead(), new PathPolicy { Purpose = KeyPurposes.ServerAuth });

            Assert.Contains("This is an anchor", X509Assert.Refused(reason, verdict).Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_validity_and_the_constraints_of_an_anchor_go_on_deciding()
    {
        Trial.Of(root: root => root.Serial(0x00).Valid(CertificateForge.NotBefore, Trial.Noon.AddDays(-1))).ShouldRefuse(X509RejectionReason.Expired);
        Trial.Of(root: root => root.Serial(0x00).With(Ext.Ca(pathLength: 0))).ShouldRefuse(X509RejectionReason.PathTooLong);
        Trial.Of(root: root => root.Serial(0x00).With(Ext.Permitted(Gn.Dns("other.example")))).ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        Trial.Of(root: root => root.Serial(0x00)).ShouldPass();
    }

    [Fact]
    public void One_bad_anchor_is_named_and_the_others_are_trusted()
    {
        var good = CertificateForge.Ca("Good").Serial(0x00).SelfSigned();
        var leafAsAnchor = CertificateForge.Ca("Bad").With(Ext.NoCa).SelfSigned();
        var reading = X509Assert.Accepted(TrustAnchorSet.Create([leafAsAnchor.Der, good.Der, new byte[] { 0x30, 0x00 }, good.Der], new PathPolicy()));

        Assert.Equal([good.Der], reading.Anchors.Select(anchor => anchor.Der.ToArray()));
        Assert.Equal([0, 2], reading.LeftOut.Select(item => item.Index));
        Assert.Equal("x509.issuer_not_ca x509.malformed", string.Join(' ', reading.LeftOut.Select(item => item.Rejection.Code)));
        Assert.Contains("'CN=Bad'", reading.LeftOut[0].Rejection.Detail, StringComparison.Ordinal);
        Assert.True(new PathValidator(reading.Anchors)
            .Validate(CertificateForge.Leaf().IssuedBy(good).Certificate, [], new PathPolicy { Revocation = RevocationMode.None }, Trial.Noon).IsAccepted);
    }

    [Fact]
    public void A_set_without_a_good_anchor_is_refused()
    {
        var bad = CertificateForge.Ca("Bad").With(Ext.NoCa).SelfSigned();

        X509Assert.Refused(X509RejectionReason.IssuerNotCa, TrustAnchorSet.Create([bad.Der, new byte[] { 0x30, 0x00 }], new PathPolicy()));
        X509Assert.Refused(X509RejectionReason.Malformed, TrustAnchorSet.Create([Array.Empty<byte>()], new PathPolicy()));
        X509Assert.Refused(X509RejectionReason.UntrustedAnchor, TrustAnchorSet.Create([], new PathPolicy()));
        Assert.Throws<ArgumentNullException>(() => TrustAnchorSet.Create(null!, new PathPolicy()));
        Assert.Throws<ArgumentNullException>(() => TrustAnchorSet.Create([], null!));
    }

    [Fact]
    public void There_have_to_be_anchors() => Assert.Throws<ArgumentNullException>(() => new TrustAnchorSet(null!));
}
