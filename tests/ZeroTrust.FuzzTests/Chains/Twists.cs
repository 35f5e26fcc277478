using System.Numerics;
using System.Security.Cryptography;
using ZeroTrust.FuzzTests.Mutation;
using ZeroTrust.FuzzTests.Pki;
using ZeroTrust.X509;

namespace ZeroTrust.FuzzTests.Chains;

/// <summary>Changes of what a chain says. Some break a rule, some only come near.</summary>
internal static class Twists
{
    private static readonly (string Name, Action<ChainPlan, Dice> Apply)[] All =
    [
        ("validity", Validity),
        ("path length", PathLength),
        ("basic constraints", NotAuthority),
        ("key usage", KeyUsage),
        ("extended key usage", ExtendedKeyUsage),
        ("name constraints", NameTwists.Constrain),
        ("name constraints", NameTwists.Constrain),
        ("names of the leaf", NameTwists.NameLeaf),
        ("spelling of a name", NameTwists.SpellDifferently),
        ("no subject", static (plan, dice) => dice.Pick(plan.Path).Subject = DistinguishedNames.Empty),
        ("policies", PolicyTwists.Apply),
        ("cross-signed", GraphTwists.CrossSign),
        ("decoy", GraphTwists.AddDecoy),
        ("root reissued", GraphTwists.ReissueRoot),
        ("key rolled over", GraphTwists.RollKeyOver),
        ("intermediate as anchor", GraphTwists.AnchorIntermediate),
        ("unrelated certificates", GraphTwists.AddUnrelated),
        ("withheld", GraphTwists.Withhold),
        ("wrong signer", static (plan, dice) => dice.Pick(plan.Path).SignWith = plan.FreeKey()),
        ("key identifiers", KeyIdentifiers),
        ("unknown extension", UnknownExtension),
        ("repeated extension", RepeatedExtension),
        ("criticality", Criticality),
        ("serial number", static (plan, dice) => dice.Pick(plan.Path).Serial = dice.Pick(BigInteger.Zero, -BigInteger.One, BigInteger.Pow(2, 159) - 1, BigInteger.Pow(2, 160))),
        ("version", static (plan, dice) => dice.Pick(plan.Path).Version = dice.Pick(1, 2, 4)),
        ("other key", static (plan, dice) => dice.Pick(plan.Path).Key = plan.Keys.Rare(dice)),
        ("other hash", static (plan, dice) => dice.Pick(plan.Path).Hash = dice.Pick(HashAlgorithmName.SHA384, HashAlgorithmName.SHA512, HashAlgorithmName.SHA1)),
        ("algorithms differ", static (plan, dice) => dice.Pick(plan.Path).OuterHash = HashAlgorithmName.SHA384),
        ("leaf is a CA", static (plan, _) => plan.Leaf.Set(ExtensionValues.BasicConstraints(isCa: true, maxPathLength: null))),
    ];

    public static void Apply(ChainPlan plan, Dice dice)
    {
        var (name, apply) = dice.Pick(All);
        apply(plan, dice);
        plan.Recipe.Add(name);
    }

    private static void Validity(ChainPlan plan, Dice dice)
    {
        var spec = dice.Pick(plan.Path);
        var seconds = dice.Pick(-86_400, -1, 0, 1, 86_400);
        if (dice.OneIn(2))
        {
            spec.NotAfter = plan.Time.AddSeconds(seconds);
        }
        else
        {
            spec.NotBefore = plan.Time.AddSeconds(seconds);
        }
    }

    private static void PathLength(ChainPlan plan, Dice dice) =>
        dice.Pick(plan.Authorities).Set(ExtensionValues.BasicConstraints(isCa: true, dice.Pick(0, 1, 2)));

    private static void NotAuthority(ChainPlan plan, Dice dice)
    {
        var spec = dice.Pick(plan.Authorities);
        spec.Extensions.RemoveAll(extension => extension.Oid == ExtensionValues.BasicConstraintsOid);
        if (dice.OneIn(2))
        {
            spec.Set(ExtensionValues.BasicConstraints(isCa: false, dice.Pick<int?>(null, 0)));
        }
    }

    private static void KeyUsage(ChainPlan plan, Dice dice)
    {
        var spec = dice.Pick(plan.Path);
        spec.Extensions.RemoveAll(extension => extension.Oid == ExtensionValues.KeyUsageOid);
        if (!dice.OneIn(3))
        {
            spec.Set(ExtensionValues.KeyUsage(dice.Below(1 << 9)));
        }
    }

    private static void ExtendedKeyUsage(ChainPlan plan, Dice dice)
    {
        var spec = dice.Pick(plan.Path);
        spec.Extensions.RemoveAll(extension => extension.Oid == ExtensionValues.ExtendedKeyUsageOid);
        if (!dice.OneIn(5))
        {
            IReadOnlyList<string> purposes = dice.Pick<string[]>(
                [KeyPurposes.ServerAuth],
                [KeyPurposes.ClientAuth],
                [KeyPurposes.ClientAuth, KeyPurposes.ServerAuth],
                [ExtensionValues.AnyExtendedKeyUsage],
                [KeyPurposes.ServerAuth, ExtensionValues.AnyExtendedKeyUsage]);
            spec.Set(ExtensionValues.ExtendedKeyUsage(purposes));
        }
    }

    private static void KeyIdentifiers(ChainPlan plan, Dice dice)
    {
        var spec = dice.Pick(plan.Path);
        switch (dice.Below(3))
        {
            case 0:
                spec.HasAuthorityKeyId = false;
                break;
            case 1:
                spec.HasSubjectKeyId = false;
                break;
            default:
                spec.WrongAuthorityKeyId = dice.Octets(20);
                break;
        }
    }

    private static void UnknownExtension(ChainPlan plan, Dice dice) =>
        dice.Pick(plan.Path).Set(new ExtensionSpec(dice.Pick("1.3.6.1.4.1.99999.1", "2.5.29.9", "2.5.29.18", "1.3.6.1.5.5.7.1.1", "1.3.6.1.5.5.7.1.24"), dice.OneIn(2), [0x05, 0x00]));

    private static void RepeatedExtension(ChainPlan plan, Dice dice)
    {
        var spec = dice.Pick(plan.Path);
        if (spec.Extensions.Count > 0)
        {
            spec.Extensions.Add(dice.Pick(spec.Extensions));
        }
    }

    private static void Criticality(ChainPlan plan, Dice dice)
    {
        var spec = dice.Pick(plan.Path);
        if (spec.Extensions.Count > 0)
        {
            var extension = dice.Pick(spec.Extensions);
            spec.Set(extension with { IsCritical = !extension.IsCritical });
        }
    }
}
