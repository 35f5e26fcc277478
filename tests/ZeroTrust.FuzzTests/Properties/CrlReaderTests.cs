using ZeroTrust.FuzzTests.Fuzzing;
using ZeroTrust.FuzzTests.Mutation;

namespace ZeroTrust.FuzzTests.Properties;

public sealed class CrlReaderTests
{
    [FuzzProperty(MaxTest = 2_000)]
    public void Arbitrary_bytes_break_no_promise(byte[] input) => Assert.Null(ReaderPromises.FindBrokenByCrl(input));

    [FuzzProperty(MaxTest = 3_000)]
    public void Edited_lists_break_no_promise(uint seed, ByteEdit first, ByteEdit[] more)
    {
        var input = ByteEdit.Apply(Choose(seed), [first, .. more.Take(4)]);

        Assert.Null(ReaderPromises.FindBrokenByCrl(input));
    }

    [FuzzProperty(MaxTest = 3_000)]
    public void Lists_with_changed_trees_break_no_promise(uint seed)
    {
        var root = DerNode.TryParse(Choose(seed))!;
        var dice = new Dice(seed);
        for (var left = dice.Below(4); left >= 0; left--)
        {
            TreeMutation.Apply(root, dice);
        }

        Assert.Null(ReaderPromises.FindBrokenByCrl(root.Encode()));
    }

    [Fact]
    public void Lists_nobody_edited_break_no_promise()
    {
        Assert.NotEmpty(Seeds.All.Value.Crls);
        Assert.All(Seeds.All.Value.Crls, seed => Assert.Null(ReaderPromises.FindBrokenByCrl(seed)));
    }

    private static byte[] Choose(uint seed)
    {
        var crls = Seeds.All.Value.Crls;
        var chosen = crls[(int)(seed % (uint)crls.Count)];
        return DerNode.TryParse(chosen) is null ? crls[0] : chosen;
    }
}
