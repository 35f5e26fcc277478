namespace ZeroTrust.Redaction.Detectors;

/// <summary>A token of a cloud or another vendor, told by its published shape: beginning, alphabet, length, and not written by hand.</summary>
internal readonly struct TokenDetector : IBuiltInDetector
{
    private const int Ascii = 128;

    /// <summary>The shapes that begin with the same two characters, the longest prefix first: <c>sk-ant-</c> before <c>sk-</c>. None at 0.</summary>
    private static readonly TokenShape[][] Shapes =
    [
        [],
        .. TokenShapes.All.GroupBy(static shape => Pair(shape.Prefix[0], shape.Prefix[1])).Select(static group => group.OrderByDescending(static shape => shape.Prefix.Length).ToArray()),
    ];

    /// <summary>Which of them two characters lead to.</summary>
    private static readonly byte[] Begins = IndexShapes();

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        // Searching for all prefixes at once takes the platform many times longer than looking at two characters in each place.
        for (var at = from; at < text.Length - 1; at++)
        {
            if (text[at] >= Ascii || text[at + 1] >= Ascii || Begins[Pair(text[at], text[at + 1])] is not (> 0 and var shapes) || IsInside(text, at))
            {
                continue;
            }

            foreach (var shape in Shapes[shapes])
            {
                if (shape.LengthAt(text[at..]) is > 0 and var length && new TextTraits(text.Slice(at, length)).MayHoldToken)
                {
                    finding = new(at, length, shape.Marker);
                    return true;
                }
            }
        }

        finding = default;
        return false;
    }

    private static int Pair(char first, char second) => (first * Ascii) + second;

    private static byte[] IndexShapes()
    {
        var begins = new byte[Ascii * Ascii];
        for (var i = 1; i < Shapes.Length; i++)
        {
            begins[Pair(Shapes[i][0].Prefix[0], Shapes[i][0].Prefix[1])] = checked((byte)i);
        }

        return begins;
    }

    /// <summary>A token is a word of its own; only its beginning may stand directly behind an escaped line break.</summary>
    private static bool IsInside(ReadOnlySpan<char> text, int at) =>
        char.IsLetterOrDigit(text[at]) && Characters.IsInsideWord(text, at) && !(at > 1 && text[at - 2] == '\\' && text[at - 1] is 'n' or 't' or 'r');
}
