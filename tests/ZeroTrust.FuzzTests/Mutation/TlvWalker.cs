namespace ZeroTrust.FuzzTests.Mutation;

/// <summary>Finds where values begin and end in an encoding.</summary>
internal static class TlvWalker
{
    private const byte Constructed = 0x20;

    /// <summary>Reads tag and length of a value that fits into what is there.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> encoded, out int header, out int length)
    {
        header = 2;
        length = 0;
        if (encoded.Length < 2 || (encoded[0] & 0x1F) == 0x1F)
        {
            return false;
        }

        length = encoded[1];
        if (length >= 0x80)
        {
            var count = length & 0x7F;
            if (count is 0 or > 3 || encoded.Length < 2 + count)
            {
                return false;
            }

            header += count;
            length = 0;
            foreach (var octet in encoded.Slice(2, count))
            {
                length = (length << 8) | octet;
            }
        }

        return header + length <= encoded.Length;
    }

    /// <summary>All values, outer before inner: where each begins, and how long it is with its header.</summary>
    public static List<Range> FindAll(ReadOnlySpan<byte> encoded)
    {
        var found = new List<Range>();
        Walk(encoded, start: 0, found);
        return found;
    }

    private static void Walk(ReadOnlySpan<byte> encoded, int start, List<Range> found)
    {
        var at = 0;
        while (TryReadHeader(encoded[at..], out var header, out var length))
        {
            found.Add(new Range(start + at, start + at + header + length));
            if ((encoded[at] & Constructed) != 0)
            {
                Walk(encoded.Slice(at + header, length), start + at + header, found);
            }

            at += header + length;
        }
    }
}
