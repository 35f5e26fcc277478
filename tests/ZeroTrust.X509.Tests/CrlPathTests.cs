using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

/// <summary>CRLs and the whole search at once: issuers whose status hangs on each other, and the platform's veto beside a revocation.</summary>
public sealed class CrlPathTests
{
    private static readonly DateTimeOffset NextUpdate = Trial.Noon.AddHours(2);

    [Fact]
    public void Separate_issuers_serve_where_the_anchor_vouches_for_them()
    {
        var trial = Asking(Trial.Of());
        var signer = Signer("CA").IssuedBy(trial.Anchors[0]);
        var crls = new[] { Of("CA").Read(signer.Key), Of("Root").Read(trial.Anchors[0].Key) };

        (trial with { Crls = new CrlSet(crls, [signer.Certificate]) }).ShouldPass();
        (trial with { Crls = new CrlSet(crls) }).ShouldRefuse(X509RejectionReason.RevocationStatusUnavailable);
    }

    [Fact]
    public void Issuers_that_vouch_for_each_other_vouch_for_nobody()
    {
        var trial = Asking(Trial.Of());
        var (root, ca) = (trial.Anchors[0], trial.Intermediates[0]);
        var forCa = Signer("CA").IssuedBy(root); // its status is told by the next one
        var forRoot = Signer("Root").IssuedBy(ca); // and the status of this one by the one above
        var issuers = new[] { forCa.Certificate, forRoot.Certificate };
        var (crlOfCa, crlOfRoot) = (Of("CA").Read(forCa.Key), Of("Root").Read(forRoot.Key));

        (trial with { Crls = new CrlSet([crlOfCa, crlOfRoot], issuers) }).ShouldRefuse(X509RejectionReason.RevocationStatusUnavailable);
        (trial with { Crls = new CrlSet([crlOfRoot, crlOfCa], [.. issuers.Reverse()]) }).ShouldRefuse(X509RejectionReason.RevocationStatusUnavailable);
        (trial with { Crls = new CrlSet([crlOfCa, crlOfRoot, Of("Root").Read(root.Key)], issuers) }).ShouldPass();
    }

    [Fact]
    public void The_circle_may_come_from_the_peer_too()
    {
        var trial = Asking(Trial.Of());
        var (root, ca) = (trial.Anchors[0], trial.Intermediates[0]);
        var (forCa, forRoot) = (Signer("CA").IssuedBy(root), Signer("Root").IssuedBy(ca));
        var crls = new CrlSet([Of("CA").Read(forCa.Key), Of("Root").Read(forRoot.Key)]);

        (trial with { Intermediates = [ca, forCa, forRoot], Crls = crls }).ShouldRefuse(X509RejectionReason.RevocationStatusUnavailable);
    }

    [Fact]
    public void An_issuer_that_tells_its_own_status_is_not_believed()
    {
        var trial = Asking(Trial.Of());
        var (root, ca) = (trial.Anchors[0], trial.Intermediates[0]);
        var plain = Signer("CA").IssuedBy(ca);
        var named = Signer("CA").With(Points(new PointForge { CrlIssuer = "CN=CA" })).IssuedBy(ca);

        Signed(plain).ShouldRefuse(X509RejectionReason.RevocationStatusUnavailable);
        Signed(named).ShouldPass(); // its issuer says in the certificate that it does

        Trial Signed(ForgedCertificate signer) => trial with
        {
            Crls = new CrlSet([Of("CA").Read(signer.Key), Of("Root").Read(root.Key)], [signer.Certificate]),
        };
    }

    [Fact]
    public void A_circle_does_not_hide_a_revocation()
    {
        var trial = Asking(Trial.Of());
        var (root, ca) = (trial.Anchors[0], trial.Intermediates[0]);
        var (forCa, forRoot) = (Signer("CA").IssuedBy(root), Signer("Root").IssuedBy(ca));
        var crls = new[] { Of("CA").Read(forCa.Key), Of("Root").Read(forRoot.Key), Listing(trial.Leaf, "CA").Read(ca.Key) };

        (trial with { Crls = new CrlSet(crls, [forCa.Certificate, forRoot.Certificate]) }).ShouldRefuse(X509RejectionReason.Revoked);
    }

    [Fact]
    public void With_the_veto_a_path_needs_the_CRLs_and_the_platform()
    {
        var sound = Vetoed(Trial.Of());
        var disputed = Vetoed(Disputed());

        Assert.Equal(NextUpdate, Current(sound).ShouldPass().ValidUntil);
        sound.ShouldRefuse(X509RejectionReason.RevocationStatusUnavailable);
        Current(disputed).ShouldRefuse(X509RejectionReason.PlatformVeto);
        disputed.ShouldRefuse(X509RejectionReason.RevocationStatusUnavailable);
        Current(disputed).Asking(policy => policy with { PlatformVeto = false }).ShouldPass();
    }

    [Fact]
    public void With_the_veto_a_revocation_is_told_as_one()
    {
        foreach (var trial in new[] { Trial.Of(), Disputed() })
        {
            Current(Vetoed(trial), Listing(trial.Leaf, "CA")).ShouldRefuse(X509RejectionReason.Revoked);
        }
    }

    [Fact]
    public void The_platforms_consent_does_not_outlive_a_revocation()
    {
        var trial = Current(Vetoed(Trial.Of()));
        var validator = trial.Validator();
        trial.ShouldPass(validator);
        trial.ShouldPass(validator);

        var revoked = Current(trial, Listing(trial.Leaf, "CA")).Crls!;
        trial.ShouldRefuse(X509RejectionReason.Revoked, validator.With(revoked, DenyList.Empty));
        trial.ShouldPass(validator.With(trial.Crls!, DenyList.Empty));
    }

    [Fact]
    public void The_platform_is_asked_about_the_peer_and_not_about_the_issuers_of_CRLs()
    {
        var trial = Vetoed(Trial.Of()).Asking(policy => policy with { Purpose = KeyPurposes.ClientAuth });
        var root = trial.Anchors[0];
        var signer = Signer("CA").With(Ext.ExtendedKeyUsage("1.2.3")).IssuedBy(root); // the platform would miss the purpose

        (trial with { Crls = new CrlSet([Of("CA").Read(signer.Key), Of("Root").Read(root.Key)], [signer.Certificate]) }).ShouldPass();
    }

    private static Trial Asking(Trial trial) => trial.Asking(policy => policy with { Revocation = RevocationMode.HardFail });

    private static Trial Vetoed(Trial trial) => Asking(trial).Asking(policy => policy with { PlatformVeto = true });

    /// <summary>A path we accept and the platform does not, since it holds the common name against constraints on DNS names.</summary>
    private static Trial Disputed() => Trial.Of(
        leaf: leaf => leaf.Subject(Dn.Cn("host.evil.example")).With(Ext.SubjectAltName(Gn.Uri("spiffe://example.com/a"))),
        ca: ca => ca.With(Ext.Permitted(Gn.Dns("example.com"), Gn.Uri("example.com"))));

    /// <summary>With a current CRL of each authority, signed by itself.</summary>
    private static Trial Current(Trial trial, CrlForge? ofCa = null) => trial with
    {
        Crls = new CrlSet([(ofCa ?? Of("CA")).Read(trial.Intermediates[0].Key), Of("Root").Read(trial.Anchors[0].Key)]),
    };

    private static CrlForge Of(string issuer) => new() { Issuer = $"CN={issuer}", ThisUpdate = Trial.Noon.AddHours(-1), NextUpdate = NextUpdate };

    private static CrlForge Listing(ForgedCertificate listed, string issuer) => Of(issuer) with { Entries = [new ForgedEntry(listed.Certificate.Serial)] };

    /// <summary>A certificate that may sign CRLs under the name of an authority, and nothing else.</summary>
    private static CertificateForge Signer(string name) => CertificateForge.Ca(name).With(Ext.NoCa).With(Ext.KeyUsage(X509KeyUsageFlags.CrlSign));

    private static ForgedExtension Points(params PointForge[] points)
    {
        var extension = PointForge.Extension(points);
        return new ForgedExtension(extension.Oid!.Value!, extension.RawData);
    }
}
