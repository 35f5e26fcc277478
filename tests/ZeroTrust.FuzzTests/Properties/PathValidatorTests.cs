using ZeroTrust.FuzzTests.Chains;
using ZeroTrust.FuzzTests.Differential;
using ZeroTrust.FuzzTests.Mutation;
using ZeroTrust.FuzzTests.Pki;

namespace ZeroTrust.FuzzTests.Properties;

public sealed class PathValidatorTests : IDisposable
{
    private const string VerificationFailed = "x509.verification_failed";
    private const int MaxJunk = 20;

    private readonly KeyPool _keys = KeyPool.Create();
    private readonly ChainFactory _factory;

    public PathValidatorTests() => _factory = new ChainFactory(_keys);

    public void Dispose() => _keys.Dispose();

    [FuzzProperty(MaxTest = 1_000)]
    public void Judging_twice_gives_one_verdict_and_never_fails(uint seed)
    {
        var chain = _factory.Draw(new Dice(seed));

        var first = OwnJudge.Judge(chain);
        var second = OwnJudge.Judge(chain);

        Assert.NotEqual(VerificationFailed, first.Rejection?.Code, StringComparer.Ordinal);
        Assert.Equal(first.Rejection?.Code, second.Rejection?.Code);
        Assert.Equal(first.Rejection?.Detail, second.Rejection?.Detail);
        Assert.Equal(first.Value?.ToString(), second.Value?.ToString());
    }

    [FuzzProperty(MaxTest = 1_000)]
    public void The_order_of_the_intermediates_does_not_matter(uint seed)
    {
        var dice = new Dice(seed);
        var chain = _factory.Draw(dice);
        var shuffled = chain.Bag.ToList();
        dice.Shuffle(shuffled);

        Assert.Equal(OwnJudge.Judge(chain).IsAccepted, OwnJudge.Judge(chain with { Bag = shuffled }).IsAccepted);
    }

    [FuzzProperty(MaxTest = 500)]
    public void Junk_does_not_spoil_an_acceptance(uint seed)
    {
        var dice = new Dice(seed);
        var plan = _factory.Valid(dice.Below(4));
        var chain = ChainFactory.Encode(plan, dice);
        var withJunk = AddJunk(chain, plan, dice);

        Assert.True(OwnJudge.Judge(chain).IsAccepted);
        Assert.True(OwnJudge.Judge(withJunk).IsAccepted, withJunk.ToString());
    }

    [FuzzProperty(MaxTest = 500)]
    public void Junk_does_not_help_a_forged_leaf(uint seed)
    {
        var dice = new Dice(seed);
        var plan = _factory.Valid(dice.Below(4));
        plan.Leaf.SignWith = plan.FreeKey();
        var withJunk = AddJunk(ChainFactory.Encode(plan, dice), plan, dice);

        Assert.False(OwnJudge.Judge(withJunk).IsAccepted, withJunk.ToString());
    }

    [FuzzProperty(MaxTest = 2_000)]
    public void An_edited_leaf_is_refused(uint seed, ByteEdit edit) => AssertRefused(seed, edit.Apply);

    [FuzzProperty(MaxTest = 2_000)]
    public void A_leaf_with_a_changed_tree_is_refused(uint seed) => AssertRefused(seed, encoded =>
    {
        var root = DerNode.TryParse(encoded)!;
        TreeMutation.Apply(root, new Dice(seed));
        return root.Encode();
    });

    private void AssertRefused(uint seed, Func<byte[], byte[]> change)
    {
        var dice = new Dice(seed);
        var plan = _factory.Valid(dice.Below(3));
        if (dice.OneIn(4))
        {
            plan.Path[^2].Key = plan.Keys.Rare(dice);
        }

        var chain = ChainFactory.Encode(plan, dice);
        var changed = change(chain.Leaf);
        if (!changed.AsSpan().SequenceEqual(chain.Leaf))
        {
            var forged = chain with { Leaf = changed };
            Assert.False(OwnJudge.Judge(forged).IsAccepted, forged.ToString());
        }
    }

    /// <summary>Certificates an attacker can make: any name, any key identifier, any content, but never signed with a key of the path.</summary>
    private static ChainCase AddJunk(ChainCase chain, ChainPlan plan, Dice dice)
    {
        var bag = chain.Bag.ToList();
        for (var left = dice.Below(MaxJunk); left > 0; left--)
        {
            bag.Add(Junk(plan, dice));
        }

        dice.Shuffle(bag);
        return chain with { Bag = bag };
    }

    private static byte[] Junk(ChainPlan plan, Dice dice)
    {
        var junk = dice.Pick(plan.Path).Copy();
        switch (dice.Below(4))
        {
            case 0:
                junk.Issuer = null;
                junk.Key = plan.FreeKey();
                break;
            case 1:
                // The attacker's own issuer of the leaf, said to be issued by the real root.
                junk = plan.Path[^2].Copy();
                junk.Key = plan.FreeKey();
                break;
            case 2:
                junk.Subject = DistinguishedNames.Of("Junk", "CA");
                break;
            default:
                return ByteEdit.Draw(dice).Apply(CertificateEncoder.Encode(junk));
        }

        junk.SignWith = plan.FreeKey();
        return CertificateEncoder.Encode(junk);
    }
}
