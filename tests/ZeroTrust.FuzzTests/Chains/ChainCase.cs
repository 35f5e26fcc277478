namespace ZeroTrust.FuzzTests.Chains;

/// <summary>What a validator is asked: bytes as a peer would send them, anchors, and a time.</summary>
/// <param name="Leaf">The leaf.</param>
/// <param name="Bag">The other certificates the peer sends.</param>
/// <param name="Anchors">The anchors.</param>
/// <param name="Time">The moment of the decision.</param>
/// <param name="Recipe">How it was made, for people.</param>
internal sealed record ChainCase(byte[] Leaf, IReadOnlyList<byte[]> Bag, IReadOnlyList<byte[]> Anchors, DateTimeOffset Time, string Recipe)
{
    /// <summary>Everything needed to look at it again.</summary>
    public override string ToString()
    {
        string[] lines =
        [
            $"recipe  {Recipe}",
            $"time    {Time:O}",
            $"leaf    {Convert.ToBase64String(Leaf)}",
            .. Bag.Select(der => $"other   {Convert.ToBase64String(der)}"),
            .. Anchors.Select(der => $"anchor  {Convert.ToBase64String(der)}"),
        ];
        return string.Join(Environment.NewLine, lines);
    }
}
