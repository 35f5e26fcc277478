namespace ZeroTrust.FuzzTests.Mutation;

/// <summary>Changes one value somewhere in a tree, so that the encoding stays well formed and its meaning does not.</summary>
internal static class TreeMutation
{
    private const byte Boolean = 0x01;

    private static readonly byte[] Tags = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0A, 0x0C, 0x13, 0x16, 0x17, 0x18, 0x1E, 0x30, 0x31, 0x80, 0x81, 0x82, 0x84, 0x86, 0x87, 0xA0, 0xA1, 0xA3, 0xA4];

    private static readonly Action<DerNode, int, DerNode, Dice>[] OnPlace =
    [
        static (parent, index, _, _) => parent.Children!.RemoveAt(index),
        static (parent, index, _, _) => parent.Children!.Insert(index, parent.Children[index].Copy()),
        static (parent, index, _, dice) => Swap(parent.Children!, index, dice.Below(parent.Children!.Count)),
        static (parent, index, root, dice) => parent.Children![index] = Donor(root, dice),
        static (parent, index, root, dice) => parent.Children!.Insert(index, Donor(root, dice)),
        static (parent, index, _, dice) => parent.Children![index].Tag = dice.Pick(Tags),
        static (parent, index, _, _) => Empty(parent.Children![index]),
        static (parent, index, _, dice) => parent.Children![index] = Wrap(parent.Children[index], dice.Pick(Tags)),
    ];

    private static readonly Func<byte[], Dice, byte[]>[] OnContent =
    [
        static (content, dice) => new ByteEdit(ByteEditKind.FlipBit, (ushort)dice.Below(ushort.MaxValue), 0, dice.Octet()).Apply(content),
        static (content, dice) => new ByteEdit(ByteEditKind.SetOctet, (ushort)dice.Below(ushort.MaxValue), 0, dice.Octet()).Apply(content),
        static (content, dice) => new ByteEdit(ByteEditKind.Insert, (ushort)dice.Below(ushort.MaxValue), (byte)dice.Below(3), dice.Octet()).Apply(content),
        static (content, dice) => new ByteEdit(ByteEditKind.Delete, (ushort)dice.Below(ushort.MaxValue), (byte)dice.Below(3), dice.Octet()).Apply(content),
        static (content, dice) => [.. content, dice.Octet()],
        static (content, _) => [0, .. content],
        static (content, dice) => [.. Enumerable.Repeat(dice.Pick<byte>(0x00, 0x01, 0x7F, 0x80, 0xFF), content.Length)],
        static (content, dice) => dice.Octets(content.Length),
    ];

    /// <summary>Changes the tree in place, once.</summary>
    /// <returns>What was changed into what, for people.</returns>
    public static string Apply(DerNode root, Dice dice)
    {
        var places = root.Places().ToArray();
        if (places.Length == 0)
        {
            root.Content = dice.Octets(3);
            return "nothing to change";
        }

        var (parent, index) = dice.Pick(places);
        var node = parent.Children![index];
        var before = Convert.ToHexStringLower(parent.Encode());
        if (node.Children is null && !dice.OneIn(3))
        {
            node.Content = node.Tag == Boolean && dice.OneIn(2) ? [(byte)~node.Content.FirstOrDefault()] : dice.Pick(OnContent)(node.Content, dice);
        }
        else
        {
            dice.Pick(OnPlace)(parent, index, root, dice);
        }

        return $"{before} -> {Convert.ToHexStringLower(parent.Encode())}";
    }

    private static void Swap(List<DerNode> nodes, int left, int right) => (nodes[left], nodes[right]) = (nodes[right], nodes[left]);

    private static void Empty(DerNode node)
    {
        node.Children = null;
        node.Content = [];
    }

    private static DerNode Wrap(DerNode node, byte tag) => new() { Tag = tag, Children = [node] };

    private static DerNode Donor(DerNode root, Dice dice)
    {
        var (parent, index) = dice.Pick(root.Places().ToArray());
        return parent.Children![index].Copy();
    }
}
