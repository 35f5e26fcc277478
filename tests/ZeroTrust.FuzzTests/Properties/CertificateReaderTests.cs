using ZeroTrust.FuzzTests.Fuzzing;
using ZeroTrust.FuzzTests.Mutation;

namespace ZeroTrust.FuzzTests.Properties;

public sealed class CertificateReaderTests
{
    [FuzzProperty(MaxTest = 2_000)]
    public void Arbitrary_bytes_break_no_promise(byte[] input) => Assert.Null(ReaderPromises.FindBrokenByCertificate(input));

    [FuzzProperty(MaxTest = 4_000)]
    public void Edited_certificates_break_no_promise(uint seed, ByteEdit first, ByteEdit[] more)
    {
        var input = ByteEdit.Apply(Choose(seed), [first, .. more.Take(4)]);

        Assert.Null(ReaderPromises.FindBrokenByCertificate(input));
    }

    [FuzzProperty(MaxTest = 4_000)]
    public void Certificates_with_changed_trees_break_no_promise(uint seed)
    {
        var root = DerNode.TryParse(Choose(seed))!;
        var dice = new Dice(seed);
        for (var left = dice.Below(4); left >= 0; left--)
        {
            TreeMutation.Apply(root, dice);
        }

        Assert.Null(ReaderPromises.FindBrokenByCertificate(root.Encode()));
    }

    [Fact]
    public void Certificates_nobody_edited_break_no_promise()
    {
        Assert.NotEmpty(Seeds.All.Value.Certificates);
        Assert.All(Seeds.All.Value.Certificates, seed => Assert.Null(ReaderPromises.FindBrokenByCertificate(seed)));
    }

    private static byte[] Choose(uint seed)
    {
        var certificates = Seeds.All.Value.Certificates;
        var chosen = certificates[(int)(seed % (uint)certificates.Count)];
        return DerNode.TryParse(chosen) is null ? certificates[0] : chosen;
    }
}
