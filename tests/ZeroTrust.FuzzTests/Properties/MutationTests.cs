using ZeroTrust.FuzzTests.Fuzzing;
using ZeroTrust.FuzzTests.Mutation;

namespace ZeroTrust.FuzzTests.Properties;

/// <summary>The tools themselves: a mutation that changed nothing, or a tree that cannot be encoded again, would find nothing.</summary>
public sealed class MutationTests
{
    [Fact]
    public void A_tree_encodes_to_the_bytes_it_was_parsed_from() =>
        Assert.All(Seeds.All.Value.Crls, seed => Assert.True(DerNode.TryParse(seed) is not { } root || root.Encode().AsSpan().SequenceEqual(seed)));

    [FuzzProperty(MaxTest = 200)]
    public void The_same_dice_make_the_same_change(uint seed)
    {
        var encoded = Seeds.All.Value.Crls[0];

        Assert.Equal(Change(encoded, seed), Change(encoded, seed));
    }

    [Fact]
    public void Most_changes_change_something()
    {
        var encoded = Seeds.All.Value.Crls[0];
        var changed = Enumerable.Range(0, 100).Count(seed => !Change(encoded, (uint)seed).AsSpan().SequenceEqual(encoded));

        Assert.InRange(changed, 80, 100);
    }

    private static byte[] Change(byte[] encoded, uint seed)
    {
        var root = DerNode.TryParse(encoded)!;
        TreeMutation.Apply(root, new Dice(seed));
        return root.Encode();
    }
}
