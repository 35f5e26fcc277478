using ZeroTrust.FuzzTests.Mutation;
using ZeroTrust.FuzzTests.Pki;

namespace ZeroTrust.FuzzTests.Chains;

/// <summary>Certificate policies, and constraints on them.</summary>
internal static class PolicyTwists
{
    private const string Any = "2.5.29.32.0";
    private const string First = "1.3.6.1.4.1.99999.2.1";
    private const string Second = "1.3.6.1.4.1.99999.2.2";

    public static void Apply(ChainPlan plan, Dice dice)
    {
        foreach (var spec in plan.Path.Skip(1))
        {
            if (!dice.OneIn(4))
            {
                spec.Set(ExtensionValues.CertificatePolicies(dice.Pick<string[]>([First], [First, Second], [Any], [Second])));
            }
        }

        var authority = dice.Pick(plan.Authorities);
        switch (dice.Below(3))
        {
            case 0:
                authority.Set(ExtensionValues.PolicyConstraints(dice.Pick<int?>(0, 0, 1, null), dice.Pick<int?>(0, 1)));
                break;
            case 1:
                authority.Set(ExtensionValues.PolicyMappings(dice.Pick(First, Any), dice.Pick(Second, First)));
                break;
            default:
                authority.Set(ExtensionValues.InhibitAnyPolicy(dice.Below(2)));
                authority.Set(ExtensionValues.PolicyConstraints(0, inhibitMapping: null));
                break;
        }
    }
}
