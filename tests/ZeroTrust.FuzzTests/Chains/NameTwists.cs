using System.Formats.Asn1;
using ZeroTrust.FuzzTests.Mutation;
using ZeroTrust.FuzzTests.Pki;

namespace ZeroTrust.FuzzTests.Chains;

/// <summary>Names and name constraints from small sets, so that inside, outside and on the edge all come up.</summary>
internal static class NameTwists
{
    private static readonly NameSpec[] Names =
    [
        NameSpec.Dns("leaf.example.com"),
        NameSpec.Dns("a.leaf.example.com"),
        NameSpec.Dns("LEAF.Example.COM"),
        NameSpec.Dns("notexample.com"),
        NameSpec.Dns("example.org"),
        NameSpec.Dns("*.example.com"),
        NameSpec.Dns("*.com"),
        NameSpec.Dns("le*f.example.com"),
        NameSpec.Dns("leaf.example.com."),
        NameSpec.Dns(".example.com"),
        NameSpec.Dns("under_score.example.com"),
        NameSpec.Dns("10.1.2.3"),
        NameSpec.Dns(""),
        NameSpec.Ip(10, 1, 2, 3),
        NameSpec.Ip(192, 168, 0, 1),
        NameSpec.Ip(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 10, 1, 2, 3),
        NameSpec.Ip(10, 1, 2),
        NameSpec.Uri("spiffe://example.com/leaf"),
        NameSpec.Uri("spiffe://user@example.com:443/leaf"),
        NameSpec.Uri("https://10.1.2.3/"),
        NameSpec.Uri("https://[::1]/"),
        NameSpec.Uri("urn:leaf"),
        NameSpec.Email("leaf@example.com"),
        NameSpec.Email("leaf@sub.example.com"),
        NameSpec.Email("\"a@b\"@example.com"),
        NameSpec.Email("leaf"),
        NameSpec.Directory(DistinguishedNames.Of("Fuzz", "leaf")),
        NameSpec.Directory(DistinguishedNames.Of("Other", null)),
        new NameSpec(8, [0x2A, 0x03]),
    ];

    private static readonly NameSpec[] Bases =
    [
        NameSpec.Dns("example.com"),
        NameSpec.Dns("leaf.example.com"),
        NameSpec.Dns("com"),
        NameSpec.Dns(".example.com"),
        NameSpec.Dns("org"),
        NameSpec.Dns(""),
        NameSpec.Ip(10, 0, 0, 0, 255, 0, 0, 0),
        NameSpec.Ip(10, 1, 2, 3, 255, 255, 255, 255),
        NameSpec.Ip(0, 0, 0, 0, 0, 0, 0, 0),
        NameSpec.Ip(10, 0, 0, 0, 255, 0, 255, 0),
        NameSpec.Uri("example.com"),
        NameSpec.Uri(".com"),
        NameSpec.Email("example.com"),
        NameSpec.Email(".example.com"),
        NameSpec.Email("leaf@example.com"),
        NameSpec.Directory(DistinguishedNames.Of("Fuzz", null)),
        NameSpec.Directory(DistinguishedNames.Of("fuzz", null, UniversalTagNumber.PrintableString)),
        NameSpec.Directory(DistinguishedNames.Of("Other", null)),
        NameSpec.Directory(DistinguishedNames.Empty),
        new NameSpec(8, [0x2A, 0x03]),
    ];

    /// <summary>Name constraints on a CA, sometimes together with names that meet them.</summary>
    public static void Constrain(ChainPlan plan, Dice dice)
    {
        var permitted = Draw(Bases, dice, dice.Below(3));
        var excluded = Draw(Bases, dice, permitted.Length == 0 ? 1 : dice.Below(2));
        dice.Pick(plan.Authorities).Set(ExtensionValues.NameConstraints(permitted, excluded));
        if (dice.OneIn(2))
        {
            NameLeaf(plan, dice);
        }
    }

    /// <summary>Other alternative names, or none and a common name that looks like a host.</summary>
    public static void NameLeaf(ChainPlan plan, Dice dice)
    {
        var leaf = plan.Leaf;
        leaf.Extensions.RemoveAll(extension => extension.Oid == ExtensionValues.SubjectAltNameOid);
        if (!dice.OneIn(5))
        {
            leaf.Set(ExtensionValues.SubjectAltName(Draw(Names, dice, 1 + dice.Below(3))));
        }

        if (dice.OneIn(3))
        {
            leaf.Subject = DistinguishedNames.Of(dice.Pick("Fuzz", "Other"), dice.Pick("host.example.com", "host.example.org", "10.1.2.3"));
        }
    }

    /// <summary>The issuer's name spelled with another type of text, another case, more spaces, or simply another name.</summary>
    public static void SpellDifferently(ChainPlan plan, Dice dice)
    {
        var place = 1 + dice.Below(plan.Path.Count - 1);
        var name = $"CA {place - 1}";
        plan.Path[place].IssuerName = dice.Below(6) switch
        {
            0 => DistinguishedNames.Of("Fuzz", name, UniversalTagNumber.PrintableString),
            1 => DistinguishedNames.Of("FUZZ", name),
            2 => DistinguishedNames.Of(" Fuzz  ", name.Replace(" ", "  ", StringComparison.Ordinal), UniversalTagNumber.IA5String),
            3 => DistinguishedNames.Of("Fuzz", name, UniversalTagNumber.BMPString),
            4 => DistinguishedNames.Of("Fuzz", name + "\0"),
            _ => DistinguishedNames.Of("Fuzz", "CA x"),
        };
    }

    private static NameSpec[] Draw(NameSpec[] names, Dice dice, int count) => [.. Enumerable.Range(0, count).Select(_ => dice.Pick(names))];
}
