using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

/// <summary>Certificate policies through RFC 5280 section 6.1. A path is root, upper CA, lower CA and leaf.</summary>
public sealed class PolicyCheckTests
{
    private const string Gold = "1.3.6.1.4.1.99999.1";
    private const string Silver = "1.3.6.1.4.1.99999.2";
    private const string Bronze = "1.3.6.1.4.1.99999.3";
    private const string Any = PathPolicy.AnyPolicy;

    [Fact]
    public void Policies_matter_only_where_somebody_asks_for_one()
    {
        Path(Gold, Silver, Bronze).ShouldPass();
        Path(null, null, null).ShouldPass();
        Path(Gold, Silver, Bronze).Asking(policy => policy with { CertificatePolicies = [Gold] }).ShouldPass();
        Explicit(Path(Gold, Silver, Bronze), Gold).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
    }

    [Fact]
    public void A_policy_runs_through_the_whole_path()
    {
        Explicit(Path(Gold, Gold, Gold), Gold).ShouldPass();
        Explicit(Path(Gold, Gold, null), Gold).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
        Explicit(Path(Gold, null, Gold), Gold).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
        Explicit(Path(Silver, Gold, Gold), Gold).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
    }

    [Fact]
    public void The_policy_is_one_of_those_that_are_acceptable()
    {
        Explicit(Path(Gold, Gold, Gold), Silver).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
        Explicit(Path(Gold, Gold, Gold), Silver, Gold).ShouldPass();
        Explicit(Path(Gold, Gold, Gold), Any).ShouldPass();
        Explicit(Path(Gold, Gold, Gold)).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
    }

    [Fact]
    public void A_refusal_tells_what_was_acceptable() =>
        Assert.Equal($"{Silver} {Bronze}", Explicit(Path(Gold, Gold, Gold), Silver, Bronze).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated).Expected);

    [Fact]
    public void The_policies_of_the_anchor_are_not_asked()
    {
        var trial = Path(leaf: leaf => leaf.With(Ext.Policies(Gold)), lower: Holding(Gold), upper: Holding(Gold), root: root => root.With(Ext.Policies(Bronze)));

        Explicit(trial, Gold).ShouldPass();
    }

    [Fact]
    public void Any_policy_of_a_CA_holds_each()
    {
        Explicit(Path(Any, Any, Gold), Gold).ShouldPass();
        Explicit(Path(Any, Gold, Any), Gold).ShouldPass();
        Explicit(Path(Any, Any, Any), Gold).ShouldPass();
        Explicit(Path(Any, Gold, Any), Silver).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
        Explicit(Path(Gold, Any, Silver), Silver).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
    }

    [Fact]
    public void Any_policy_may_be_ignored_from_the_start()
    {
        var trial = Explicit(Path(Any, Any, Gold), Gold);

        trial.Asking(policy => policy with { InhibitAnyPolicy = true }).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
        Explicit(Path(Gold, Gold, Gold), Gold).Asking(policy => policy with { InhibitAnyPolicy = true }).ShouldPass();
    }

    [Fact]
    public void Any_policy_may_be_ignored_below_a_CA()
    {
        Explicit(Path(Inhibiting(0, Any), Holding(Gold), Holding(Gold)), Gold).ShouldPass();
        Explicit(Path(Inhibiting(0, Any), Holding(Any), Holding(Gold)), Gold).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
        Explicit(Path(Inhibiting(1, Any), Holding(Any), Holding(Gold)), Gold).ShouldPass();
        Explicit(Path(Inhibiting(1, Any), Holding(Any), Holding(Any)), Gold).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);

        static Action<CertificateForge> Inhibiting(int skip, string policy) => ca => ca.With(Ext.Policies(policy)).With(Ext.InhibitAnyPolicy(skip));
    }

    [Fact]
    public void A_self_issued_CA_may_hold_any_policy_where_that_is_inhibited()
    {
        var root = CertificateForge.Ca("Root").SelfSigned();
        var ca = CertificateForge.Ca("CA").With(Ext.Policies(Gold)).With(Ext.InhibitAnyPolicy(0)).IssuedBy(root);
        var renewed = CertificateForge.Ca("CA").With(Ext.Policies(Any)).IssuedBy(ca);
        var leaf = CertificateForge.Leaf();

        Explicit(new Trial(leaf.With(Ext.Policies(Gold)).IssuedBy(renewed), [ca, renewed], root), Gold).ShouldPass();
        Explicit(new Trial(leaf.With(Ext.Policies(Any)).IssuedBy(renewed), [ca, renewed], root), Gold).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void A_CA_may_ask_for_a_policy_after_some_certificates(int after, bool passes)
    {
        var trial = Path(ca => ca.With(Ext.PolicyConstraints(requireExplicit: after)), _ => { }, _ => { });
        if (passes)
        {
            trial.ShouldPass();
        }
        else
        {
            trial.ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
        }
    }

    [Fact]
    public void A_leaf_may_ask_for_a_policy()
    {
        Path(Holding(Gold), Holding(Gold), leaf => leaf.With(Ext.PolicyConstraints(requireExplicit: 0))).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
        Path(Holding(Gold), Holding(Gold), leaf => leaf.With(Ext.PolicyConstraints(requireExplicit: 0)).With(Ext.Policies(Gold))).ShouldPass();
        Path(Holding(Gold), Holding(Gold), leaf => leaf.With(Ext.PolicyConstraints(requireExplicit: 1))).ShouldPass();
    }

    [Fact]
    public void A_CA_lower_down_cannot_postpone_the_demand()
    {
        var trial = Path(ca => ca.With(Ext.PolicyConstraints(requireExplicit: 0)).With(Ext.Policies(Gold)), ca => ca.With(Ext.PolicyConstraints(requireExplicit: 9)), _ => { });

        trial.ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
    }

    [Fact]
    public void A_policy_is_mapped_into_the_domain_below()
    {
        Explicit(Path(Mapping(Gold, Silver), Holding(Silver), Holding(Silver)), Gold).ShouldPass();
        Explicit(Path(Mapping(Gold, Silver), Holding(Silver), Holding(Silver)), Silver).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
        Explicit(Path(Mapping(Gold, Silver), Holding(Gold), Holding(Gold)), Gold).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
        Explicit(Path(Mapping(Gold, Silver), Mapping(Silver, Bronze), Holding(Bronze)), Gold).ShouldPass();
    }

    [Fact]
    public void A_policy_is_mapped_to_several()
    {
        var mapping = Mapping(Gold, (Gold, Silver), (Gold, Bronze));

        Explicit(Path(mapping, Holding(Silver), Holding(Silver)), Gold).ShouldPass();
        Explicit(Path(mapping, Holding(Bronze), Holding(Bronze)), Gold).ShouldPass();
        Explicit(Path(mapping, Holding(Silver), Holding(Bronze)), Gold).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
    }

    [Fact]
    public void A_policy_that_the_CA_holds_only_as_any_is_mapped()
    {
        Explicit(Path(Mapping(Any, (Gold, Silver)), Holding(Silver), Holding(Silver)), Gold).ShouldPass();
        Explicit(Path(Mapping(Any, (Gold, Silver)), Holding(Silver), Holding(Silver)), Bronze).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
    }

    [Theory]
    [InlineData(Any, Silver)]
    [InlineData(Gold, Any)]
    public void Nothing_is_mapped_from_or_to_any_policy(string from, string to)
    {
        Path(Mapping(Gold, (from, to)), Holding(Silver), Holding(Silver)).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
        Path(Mapping(Gold, (Gold, Silver)), Holding(Silver), Holding(Silver)).ShouldPass();
    }

    [Fact]
    public void Mapping_may_be_refused_from_the_start()
    {
        var mapped = Explicit(Path(Mapping(Gold, Silver), Holding(Silver), Holding(Silver)), Gold);

        mapped.Asking(policy => policy with { InhibitPolicyMapping = true }).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
        mapped.Asking(policy => policy with { InhibitPolicyMapping = true, RequireExplicitPolicy = false }).ShouldPass();
    }

    [Fact]
    public void Mapping_may_be_refused_below_a_CA()
    {
        Explicit(Path(Inhibiting(0), Mapping(Gold, Silver), Holding(Silver)), Gold).ShouldRefuse(X509RejectionReason.CertificatePolicyViolated);
        Explicit(Path(Inhibiting(1), Mapping(Gold, Silver), Holding(Silver)), Gold).ShouldPass();
        Explicit(Path(Inhibiting(0), Holding(Gold), Holding(Gold)), Gold).ShouldPass();

        static Action<CertificateForge> Inhibiting(int after) => ca => ca.With(Ext.Policies(Gold)).With(Ext.PolicyConstraints(inhibitMapping: after));
    }

    [Fact]
    public void The_mapping_of_a_leaf_does_not_count() =>
        Explicit(Path(Holding(Gold), Holding(Gold), leaf => leaf.With(Ext.Policies(Gold)).With(Ext.PolicyMappings((Any, Any)))), Gold).ShouldPass();

    private static Trial Explicit(Trial trial, params string[] acceptable) =>
        trial.Asking(policy => policy with { RequireExplicitPolicy = true, CertificatePolicies = acceptable });

    private static Action<CertificateForge> Holding(string? policy) => forge =>
    {
        if (policy is not null)
        {
            forge.With(Ext.Policies(policy));
        }
    };

    private static Action<CertificateForge> Mapping(string from, string to) => Mapping(from, (from, to));

    private static Action<CertificateForge> Mapping(string held, params (string From, string To)[] mappings) =>
        ca => ca.With(Ext.Policies(held)).With(Ext.PolicyMappings(mappings));

    private static Trial Path(string? upper, string? lower, string? leaf) => Path(Holding(upper), Holding(lower), Holding(leaf));

    private static Trial Path(Action<CertificateForge> upper, Action<CertificateForge> lower, Action<CertificateForge> leaf, Action<CertificateForge>? root = null)
    {
        var anchor = CertificateForge.Ca("Root").Vary(root).SelfSigned();
        var first = CertificateForge.Ca("Upper").Vary(upper).IssuedBy(anchor);
        var second = CertificateForge.Ca("Lower").Vary(lower).IssuedBy(first);
        return new(CertificateForge.Leaf().Vary(leaf).IssuedBy(second), [first, second], anchor);
    }
}
