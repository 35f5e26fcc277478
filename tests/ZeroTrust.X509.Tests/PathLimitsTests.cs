using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

public sealed class PathLimitsTests
{
    private static readonly ForgedCertificate Root = CertificateForge.Ca("Root").SelfSigned();

    [Fact]
    public void As_many_candidates_are_taken_as_the_limit_says()
    {
        var trial = Trial.Of();
        trial = trial with { Intermediates = [trial.Intermediates[0], trial.Leaf, trial.Leaf] };

        Limited(trial, limits => limits with { MaxCandidates = 3 }).ShouldPass();
        Limited(trial, limits => limits with { MaxCandidates = 2 }).ShouldRefuse(X509RejectionReason.BudgetExceeded);
    }

    [Fact]
    public void As_many_bytes_are_taken_as_the_limit_says()
    {
        var trial = Trial.Of();
        var bytes = trial.Leaf.Der.Length + trial.Intermediates[0].Der.Length;

        Limited(trial, limits => limits with { MaxBytes = bytes }).ShouldPass();
        Limited(trial, limits => limits with { MaxBytes = bytes - 1 }).ShouldRefuse(X509RejectionReason.BudgetExceeded);
        Limited(trial with { Intermediates = [] }, limits => limits with { MaxBytes = trial.Leaf.Der.Length - 1 }).ShouldRefuse(X509RejectionReason.BudgetExceeded);
    }

    [Fact]
    public void Every_signature_counts()
    {
        var least = Least(Trial.Of(), (limits, count) => limits with { MaxSignatures = count });

        Assert.InRange(least, 2, 10);
    }

    [Fact]
    public void Heavier_keys_count_for_more()
    {
        var light = Least(Trial.Of(root: root => root.Key(ForgeKey.P256())), (limits, count) => limits with { MaxSignatures = count });
        var heavy = Least(Trial.Of(root: root => root.Key(ForgeKey.P384())), (limits, count) => limits with { MaxSignatures = count });
        var heaviest = Least(Trial.Of(root: root => root.Key(ForgeKey.P521())), (limits, count) => limits with { MaxSignatures = count });

        Assert.True(light < heavy && heavy < heaviest, $"{light} {heavy} {heaviest}");
    }

    [Fact]
    public void Every_issuer_that_is_tried_counts()
    {
        var trial = Trial.Of(ca: ca => ca.WithoutKeyIds());
        var namesake = CertificateForge.Ca("Root").SelfSigned();

        Assert.Equal(2, Least(trial, (limits, count) => limits with { MaxSteps = count }));
        Assert.Equal(3, Least(trial with { Anchors = [namesake, .. trial.Anchors] }, (limits, count) => limits with { MaxSteps = count }));
    }

    [Fact]
    public void Every_comparison_of_a_name_counts()
    {
        var trial = Trial.Of(ca: ca => ca.With(Ext.Permitted(Gn.Dns("example.com"), Gn.Dns("example.net"))));

        // The subject and the one alternative name of the leaf, each with both bases.
        Assert.Equal(4, Least(trial, (limits, count) => limits with { MaxNameComparisons = count }));
    }

    [Fact]
    public void Every_policy_and_mapping_counts()
    {
        const string Policy = "1.2.3";
        var trial = Trial.Of(leaf => leaf.With(Ext.Policies(Policy)), ca => ca.With(Ext.Policies(Policy)).With(Ext.PolicyMappings((Policy, Policy))));

        Assert.Equal(3, Least(trial, (limits, count) => limits with { MaxPolicies = count }));
    }

    [Fact]
    public void An_exhausted_budget_is_not_mistaken_for_another_refusal()
    {
        var policies = Trial.Of(leaf => leaf.With(Ext.Policies("1.2.3")), ca => ca.With(Ext.Policies("1.2.4")).With(Ext.PolicyConstraints(requireExplicit: 0)));
        var names = Trial.Of(ca: ca => ca.With(Ext.Permitted(Gn.Dns("other.example"))));
        var signature = Trial.Of(ca: ca => ca.Key(ForgeKey.P256() with { Sign = ForgeKey.P256().Sign }));

        policies.ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
        Limited(policies, limits => limits with { MaxPolicies = 1 }).ShouldRefuse(X509RejectionReason.BudgetExceeded);
        names.ShouldRefuse(X509RejectionReason.NameConstraintViolated);
        Limited(names, limits => limits with { MaxNameComparisons = 1 }).ShouldRefuse(X509RejectionReason.BudgetExceeded);
        signature.ShouldRefuse(X509RejectionReason.SignatureInvalid);
        Limited(signature, limits => limits with { MaxSignatures = 0 }).ShouldRefuse(X509RejectionReason.BudgetExceeded);
    }

    [Fact]
    public void The_limit_that_was_reached_is_told()
    {
        var rejection = Limited(Trial.Of(), limits => limits with { MaxSteps = 1 }).ShouldRefuse(X509RejectionReason.BudgetExceeded);

        Assert.Contains(nameof(PathLimits.MaxSteps), rejection.Detail, StringComparison.Ordinal);
    }

    /// <summary>Every CA is signed by every other, so that the paths among them are beyond counting.</summary>
    [Fact]
    public void A_web_of_cross_signed_CAs_is_given_up()
    {
        var keys = Enumerable.Range(0, 9).Select(_ => ForgeKey.P256()).ToArray();
        var selves = keys.Select((key, i) => CertificateForge.Ca($"CA {i}").Key(key).SelfSigned()).ToArray();
        var web = keys.SelectMany((key, i) => selves.Where((_, j) => j != i).Select(signer => CertificateForge.Ca($"CA {i}").Key(key).IssuedBy(signer))).ToArray();
        var expired = CertificateForge.Ca("CA 8").Key(keys[8]).Valid(CertificateForge.NotBefore, CertificateForge.NotBefore).IssuedBy(Root);
        var trial = new Trial(CertificateForge.Leaf().IssuedBy(selves[0]), [.. web, expired], Root)
            .Asking(policy => policy with { Limits = new PathLimits { MaxSignatures = 1000 } });

        trial.ShouldRefuse(X509RejectionReason.BudgetExceeded);
    }

    [Fact]
    public void The_signatures_of_many_namesakes_are_given_up()
    {
        var trial = Trial.Of(leaf: leaf => leaf.WithoutKeyIds());
        var namesakes = Enumerable.Range(0, 60).Select(_ => CertificateForge.Ca("CA").WithoutKeyIds().IssuedBy(trial.Anchors[0])).ToArray();

        (trial with { Intermediates = namesakes }).ShouldRefuse(X509RejectionReason.BudgetExceeded);
        (trial with { Intermediates = [.. namesakes[..10], trial.Intermediates[0]] }).ShouldPass();
    }

    private static Trial Limited(Trial trial, Func<PathLimits, PathLimits> vary) => trial.Asking(policy => policy with { Limits = vary(policy.Limits) });

    /// <summary>The least limit under which the trial passes; under each lower one the budget is exceeded and nothing else.</summary>
    private static int Least(Trial trial, Func<PathLimits, int, PathLimits> vary)
    {
        var least = 0;
        while (!At(least).Run().IsAccepted)
        {
            At(least).ShouldRefuse(X509RejectionReason.BudgetExceeded);
            least++;
            Assert.True(least < 100);
        }

        At(least + 1).ShouldPass();
        return least;

        Trial At(int count) => Limited(trial, limits => vary(limits, count));
    }
}
