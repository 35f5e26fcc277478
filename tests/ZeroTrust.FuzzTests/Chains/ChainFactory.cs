using ZeroTrust.FuzzTests.Mutation;
using ZeroTrust.FuzzTests.Pki;
using ZeroTrust.X509;

namespace ZeroTrust.FuzzTests.Chains;

/// <summary>Makes chains: valid ones, then twisted in their meaning, then changed in their encoding. Not thread safe.</summary>
internal sealed class ChainFactory(KeyPool keys)
{
    private const int MaxTwists = 3;

    /// <summary>The moment every chain is judged at.</summary>
    public static DateTimeOffset Time { get; } = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A chain both validators accept: root, intermediates, leaf.</summary>
    public ChainPlan Valid(int intermediates)
    {
        var plan = new ChainPlan(keys, Time);
        for (var i = 0; i <= intermediates; i++)
        {
            plan.Path.Add(Authority($"CA {i}", keys.Common(i), i == 0 ? null : plan.Path[i - 1]));
        }

        plan.Path.Add(Leaf(keys.Common(intermediates + 1), plan.Path[^1]));
        plan.Anchors.Add(plan.Path[0]);
        return plan;
    }

    /// <summary>A chain with some twists, and often with a change of one encoding.</summary>
    public ChainCase Draw(Dice dice)
    {
        var plan = Valid(dice.Pick(0, 1, 1, 1, 2, 2, 3));
        for (var left = dice.Pick(0, 1, 1, 1, 2, MaxTwists); left > 0; left--)
        {
            Twists.Apply(plan, dice);
        }

        return Encode(plan, dice, mayMutate: true);
    }

    /// <summary>Encodes a plan as it is.</summary>
    public static ChainCase Encode(ChainPlan plan, Dice dice) => Encode(plan, dice, mayMutate: false);

    public static CertificateSpec Authority(string name, TestKey key, CertificateSpec? issuer) => With(
        new CertificateSpec { Subject = DistinguishedNames.Of("Fuzz", name), Key = key, Issuer = issuer, NotBefore = Time.AddYears(-1), NotAfter = Time.AddYears(1) },
        ExtensionValues.BasicConstraints(isCa: true, maxPathLength: null),
        ExtensionValues.KeyUsage(ExtensionValues.KeyCertSign | ExtensionValues.CrlSign));

    public static CertificateSpec Leaf(TestKey key, CertificateSpec issuer) => With(
        new CertificateSpec { Subject = DistinguishedNames.Of("Fuzz", "leaf"), Key = key, Issuer = issuer, NotBefore = Time.AddDays(-1), NotAfter = Time.AddDays(1) },
        ExtensionValues.KeyUsage(ExtensionValues.DigitalSignature),
        ExtensionValues.ExtendedKeyUsage(KeyPurposes.ServerAuth),
        ExtensionValues.SubjectAltName(NameSpec.Dns("leaf.example.com")));

    private static CertificateSpec With(CertificateSpec spec, params IEnumerable<ExtensionSpec> extensions)
    {
        spec.Extensions.AddRange(extensions);
        return spec;
    }

    private static ChainCase Encode(ChainPlan plan, Dice dice, bool mayMutate)
    {
        var encoded = new Dictionary<CertificateSpec, byte[]>();
        foreach (var spec in plan.Path.Concat(plan.Others).Concat(plan.Anchors))
        {
            encoded.TryAdd(spec, CertificateEncoder.Encode(spec));
        }

        if (mayMutate && !dice.OneIn(3))
        {
            // The leaf and what issues directly matter most, and the root is rarely the peer's to choose.
            var target = dice.OneIn(2) ? plan.Leaf : dice.Pick(plan.Path);
            encoded[target] = Mutate(encoded[target], target, plan, dice);
        }

        var bag = plan.Path.Skip(1).SkipLast(1).Except(plan.Withheld).Concat(plan.Others).Select(spec => encoded[spec]).ToList();
        dice.Shuffle(bag);
        return new ChainCase(encoded[plan.Leaf], bag, [.. plan.Anchors.Select(spec => encoded[spec])], plan.Time, string.Join(", ", plan.Recipe));
    }

    private static byte[] Mutate(byte[] encoded, CertificateSpec spec, ChainPlan plan, Dice dice)
    {
        var place = plan.Path.IndexOf(spec);
        if (dice.OneIn(5))
        {
            var edit = ByteEdit.Draw(dice);
            plan.Recipe.Add($"{edit} at {place}, unsigned");
            return edit.Apply(encoded);
        }

        var root = DerNode.TryParse(encoded)!;
        var changes = dice.Pick(1, 1, 1, 2, 3);
        for (var i = 0; i < changes; i++)
        {
            plan.Recipe.Add($"at {place}, signed again: {TreeMutation.Apply(root.Children![0], dice)}");
        }

        return CertificateEncoder.Sign(root.Children![0].Encode(), spec.Signer, spec.Hash, spec.OuterHash ?? spec.Hash);
    }
}
