using ZeroTrust.X509.Internal;
using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

/// <summary>What a validator keeps between calls saves work and decides nothing. Its cost in signatures shows what it knows.</summary>
public sealed class KnownFactsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void An_accepted_path_costs_less_the_next_time()
    {
        var trial = Trial.Of();
        var fresh = CostOf(trial, trial.Validator);
        var seen = CostOf(trial, () => After(trial, times: 1));
        var kept = CostOf(trial, () => After(trial, times: 2));

        Assert.True(fresh > seen && seen > kept && kept > 0, $"{fresh} {seen} {kept}");
    }

    [Fact]
    public void A_refused_path_teaches_nothing()
    {
        var trial = Trial.Of();
        var refused = trial.Asking(policy => policy with { RequireExplicitPolicy = true, CertificatePolicies = ["1.2.3"] });
        var fresh = CostOf(trial, trial.Validator);

        Assert.Equal(fresh, CostOf(trial, () => After(refused, times: 3)));
    }

    [Fact]
    public void The_signature_of_a_leaf_is_verified_each_time()
    {
        var trial = Trial.Of();
        var validator = After(trial, times: 3);
        var der = trial.Leaf.Der.ToArray();
        der[^1] ^= 1;

        (trial with { Leaf = new ForgedCertificate(der, trial.Leaf.Subject, trial.Leaf.Key) }).ShouldRefuse(X509RejectionReason.SignatureInvalid, validator);
        trial.ShouldPass(validator);
    }

    [Fact]
    public void A_known_CA_under_another_signature_is_not_known()
    {
        var trial = Trial.Of();
        var validator = After(trial, times: 3);
        var der = trial.Intermediates[0].Der.ToArray();
        der[^1] ^= 1;
        var forged = new ForgedCertificate(der, trial.Intermediates[0].Subject, trial.Intermediates[0].Key);

        (trial with { Intermediates = [forged] }).ShouldRefuse(X509RejectionReason.SignatureInvalid, validator);
        (trial with { Intermediates = [forged, trial.Intermediates[0]] }).ShouldPass(validator);
    }

    [Fact]
    public void A_known_signature_is_known_of_the_key_that_made_it()
    {
        var trial = Trial.Of();
        var namesake = CertificateForge.Ca("Root").With(Ext.SubjectKeyId(trial.Anchors[0].Key.Id)).SelfSigned();
        var both = trial with { Anchors = [trial.Anchors[0], namesake] };

        Assert.Equal(trial.Anchors[0].Der, both.ShouldPass(After(both, times: 3)).Anchor.Der.ToArray());
    }

    [Fact]
    public void Another_time_is_judged_anew()
    {
        var trial = Trial.Of(ca: ca => ca.Valid(CertificateForge.NotBefore, Trial.Noon));
        var validator = After(trial, times: 3);

        trial.At(Trial.Noon + Second).ShouldRefuse(X509RejectionReason.Expired, validator);
        trial.At(CertificateForge.NotBefore - Second).ShouldRefuse(X509RejectionReason.NotYetValid, validator);
        trial.ShouldPass(validator);
    }

    [Fact]
    public void Another_policy_is_judged_anew()
    {
        var trial = Trial.Of(ca: ca => ca.With(Ext.ExtendedKeyUsage(KeyPurposes.ServerAuth)));
        var validator = After(trial, times: 3);

        trial.Asking(policy => policy with { Purpose = KeyPurposes.ClientAuth }).ShouldRefuse(X509RejectionReason.ExtendedKeyUsageMissing, validator);
        trial.Asking(policy => policy with { Expected = [ReferenceIdentifier.Dns("other.example")] }).ShouldRefuse(X509RejectionReason.NameMismatch, validator);
        trial.Asking(policy => policy with { MaxIntermediates = 0 }).ShouldRefuse(X509RejectionReason.PathTooLong, validator);
        trial.Asking(policy => policy with { RequireExplicitPolicy = true }).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated, validator);
        trial.Asking(policy => policy with { Limits = new PathLimits { MaxSteps = 1 } }).ShouldRefuse(X509RejectionReason.BudgetExceeded, validator);
        trial.ShouldPass(validator);
    }

    [Fact]
    public void Another_leaf_is_held_against_the_constraints_of_a_known_CA()
    {
        var trial = Trial.Of(ca: ca => ca.With(Ext.Permitted(Gn.Dns("example.com"))));
        var validator = After(trial, times: 3);
        var evil = CertificateForge.Leaf("evil.example").IssuedBy(trial.Intermediates[0]);

        (trial with { Leaf = evil }).ShouldRefuse(X509RejectionReason.NameConstraintViolated, validator);
    }

    [Fact]
    public void Revocation_is_asked_of_a_known_path()
    {
        var trial = Trial.Of();
        var validator = After(trial, times: 3);

        trial.Asking(policy => policy with { Revocation = RevocationMode.HardFail }).ShouldRefuse(X509RejectionReason.RevocationStatusUnavailable, validator);
        trial.ShouldPass(validator);
    }

    [Fact]
    public void The_platform_is_asked_about_a_path_that_was_accepted_without_it()
    {
        var trial = Trial.Of(
            leaf: leaf => leaf.Subject(Dn.Cn("host.evil.example")).With(Ext.SubjectAltName(Gn.Uri("spiffe://example.com/a"))),
            ca: ca => ca.With(Ext.Permitted(Gn.Dns("example.com"), Gn.Uri("example.com"))));

        trial.Asking(policy => policy with { PlatformVeto = true }).ShouldRefuse(X509RejectionReason.PlatformVeto, After(trial, times: 3));
    }

    [Fact]
    public void Consent_is_to_one_path_for_one_purpose()
    {
        var (path, other) = (Hash(1), Hash(2));
        var known = new KnownFacts();
        known.AddConsent(path, KeyPurposes.ServerAuth);

        Assert.True(known.HasConsent(path, KeyPurposes.ServerAuth));
        Assert.False(known.HasConsent(path, KeyPurposes.ClientAuth));
        Assert.False(known.HasConsent(path, purpose: null));
        Assert.False(known.HasConsent(other, KeyPurposes.ServerAuth));
    }

    [Fact]
    public void A_full_table_starts_over()
    {
        var known = new KnownFacts();
        for (var i = 0; i < 1024; i++)
        {
            known.AddConsent(Hash(i), purpose: null);
        }

        Assert.True(known.HasConsent(Hash(0), purpose: null));
        known.AddConsent(Hash(1024), purpose: null);
        Assert.False(known.HasConsent(Hash(0), purpose: null));
        Assert.True(known.HasConsent(Hash(1024), purpose: null));
    }

    [Fact]
    public void A_certificate_is_kept_with_its_key_from_its_second_time_on()
    {
        var ca = CertificateForge.Ca("CA").SelfSigned().Certificate;
        var known = new KnownFacts();

        known.AddCertificate(ca);
        Assert.Same(ca, known.Intern(ca));
        known.AddCertificate(ca);
        Assert.NotNull(known.Intern(ca).Platform);
        Assert.Equal(ca.Der.ToArray(), known.Intern(ca).Der.ToArray());
    }

    private static PathValidator After(Trial trial, int times)
    {
        var validator = trial.Validator();
        for (var i = 0; i < times; i++)
        {
            trial.Run(validator);
        }

        return validator;
    }

    /// <summary>The least signature budget under which a validator in this state accepts the path.</summary>
    private static int CostOf(Trial trial, Func<PathValidator> create)
    {
        var cost = 0;
        while (!trial.Asking(policy => policy with { Limits = new PathLimits { MaxSignatures = cost } }).Run(create()).IsAccepted)
        {
            cost++;
            Assert.True(cost < 100);
        }

        return cost;
    }

    private static Sha256Value Hash(int number) => Sha256Value.Of((byte[])[.. new byte[28], .. BitConverter.GetBytes(number)]);
}
