namespace ZeroTrust.FuzzTests.Mutation;

/// <summary>One value of a DER encoding as a tree that can be changed and encoded again with lengths that fit.</summary>
/// <remarks>Whatever lies in an OCTET STRING or BIT STRING and is itself one DER value is opened too.</remarks>
internal sealed class DerNode
{
    private const byte BitString = 0x03;
    private const byte OctetString = 0x04;
    private const byte Constructed = 0x20;
    private const int MaxDepth = 24;

    public byte Tag { get; set; }

    /// <summary>What stands before the children: the count of unused bits of an opened BIT STRING, else nothing.</summary>
    public byte[] Prefix { get; set; } = [];

    /// <summary>The content of a value without children.</summary>
    public byte[] Content { get; set; } = [];

    public List<DerNode>? Children { get; set; }

    /// <summary>Parses an encoding that is one value; null when it is not.</summary>
    public static DerNode? TryParse(ReadOnlySpan<byte> encoded) =>
        TryParseAll(encoded, depth: 0) is [var only] ? only : null;

    /// <summary>The content octets, whether the value was opened or not.</summary>
    public byte[] EncodeContent() => Children is null ? Content : [.. Prefix, .. Children.SelectMany(child => child.Encode())];

    public byte[] Encode()
    {
        var content = EncodeContent();
        return [Tag, .. EncodeLength(content.Length), .. content];
    }

    /// <summary>Every place below this value where a value stands.</summary>
    public IEnumerable<(DerNode Parent, int Index)> Places()
    {
        for (var i = 0; i < (Children?.Count ?? 0); i++)
        {
            yield return (this, i);
            foreach (var place in Children![i].Places())
            {
                yield return place;
            }
        }
    }

    public DerNode Copy() => new() { Tag = Tag, Prefix = Prefix, Content = Content, Children = Children?.ConvertAll(child => child.Copy()) };

    private static byte[] EncodeLength(int length) => length switch
    {
        < 0x80 => [(byte)length],
        <= 0xFF => [0x81, (byte)length],
        <= 0xFFFF => [0x82, (byte)(length >> 8), (byte)length],
        _ => [0x83, (byte)(length >> 16), (byte)(length >> 8), (byte)length],
    };

    private static List<DerNode>? TryParseAll(ReadOnlySpan<byte> encoded, int depth)
    {
        var nodes = new List<DerNode>();
        while (!encoded.IsEmpty)
        {
            if (depth > MaxDepth || !TlvWalker.TryReadHeader(encoded, out var header, out var length))
            {
                return null;
            }

            nodes.Add(Open(encoded[0], encoded.Slice(header, length), depth));
            encoded = encoded[(header + length)..];
        }

        return nodes;
    }

    private static DerNode Open(byte tag, ReadOnlySpan<byte> content, int depth)
    {
        var prefix = tag == BitString && content.Length > 1 && content[0] == 0 ? 1 : 0;
        var mayHoldValues = (tag & Constructed) != 0 || (content.Length > 1 && (tag == OctetString || prefix == 1));
        var children = mayHoldValues ? TryParseAll(content[prefix..], depth + 1) : null;
        return children is null
            ? new DerNode { Tag = tag, Content = content.ToArray() }
            : new DerNode { Tag = tag, Prefix = content[..prefix].ToArray(), Children = children };
    }
}
