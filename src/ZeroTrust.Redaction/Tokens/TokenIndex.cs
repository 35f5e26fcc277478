using System.Globalization;
using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Tokens;

/// <summary>Finds the shapes that may stand at a place of a text by two characters and a look at the third.</summary>
internal sealed class TokenIndex
{
    private const int Ascii = 128;

    /// <summary>Which group two characters lead to; 0 for none.</summary>
    private readonly byte[] _begins = new byte[Ascii * Ascii];
    private readonly Group[] _groups;

    /// <param name="shapes">The shapes, with at most 255 different sets of them behind two characters.</param>
    public TokenIndex(IEnumerable<TokenShape> shapes)
    {
        var numbered = shapes.Select(static (shape, number) => (Shape: shape, Number: number)).ToArray();
        var sets = numbered.SelectMany(static shape => Pairs(shape.Shape.Pattern).Select(pair => (Pair: pair, shape.Number)))
            .GroupBy(static entry => entry.Pair, static entry => entry.Number)
            .GroupBy(static pair => string.Join(',', pair), static pair => pair.Key, StringComparer.Ordinal)
            .ToArray();
        _groups = new Group[sets.Length];
        for (var i = 0; i < sets.Length; i++)
        {
            _groups[i] = new([.. sets[i].Key.Split(',').Select(number => numbered[int.Parse(number, CultureInfo.InvariantCulture)].Shape)]);
            foreach (var pair in sets[i])
            {
                _begins[pair] = checked((byte)(i + 1));
            }
        }
    }

    public bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        // Searching for all literals at once takes the platform many times longer than looking at two characters in each place.
        var begins = _begins;
        for (var at = from; at + 2 < text.Length; at++)
        {
            var pair = (uint)Pair(text[at], text[at + 1]);
            if (pair < (uint)begins.Length && text[at + 1] < Ascii && begins[pair] is > 0 and var group
                && _groups[group - 1].MayGoOn(text[at + 2]) && _groups[group - 1].TryFind(text, from, at, out finding))
            {
                return true;
            }
        }

        finding = default;
        return false;
    }

    /// <summary>What an anchor begins with; of a single character, what it and the part behind it begin with.</summary>
    private static IEnumerable<int> Pairs(TokenPattern pattern)
    {
        var anchor = pattern.AnchorText;
        return anchor.Length > 1 ? [Pair(anchor[0], anchor[1])] : pattern.Parts[pattern.Anchor + 1].Letters.Select(letter => Pair(anchor[0], letter));
    }

    private static int Pair(char first, char second) => (first * Ascii) + second;

    private sealed class Group(TokenShape[] shapes)
    {
        private readonly bool[] _thirds = Thirds(shapes);

        public bool MayGoOn(char third) => third < Ascii && _thirds[third];

        /// <summary>The longest token: <c>sk-ant-…</c> is one of <c>sk-…</c> too.</summary>
        public bool TryFind(ReadOnlySpan<char> text, int from, int at, out Finding finding)
        {
            finding = default;
            foreach (var shape in shapes)
            {
                if (shape.TryFind(text, from, at, out var found) && found.Length > finding.Length)
                {
                    finding = found;
                }
            }

            return finding.Length > 0;
        }

        private static bool[] Thirds(TokenShape[] shapes)
        {
            var thirds = new bool[Ascii];
            foreach (var pattern in shapes.Select(static shape => shape.Pattern))
            {
                // Of a shorter anchor the part behind it is never empty.
                var isLong = pattern.AnchorText.Length > TokenPattern.ShortAnchor;
                foreach (var third in isLong ? pattern.AnchorText.Substring(2, 1) : pattern.Parts[pattern.Anchor + 1].Letters)
                {
                    thirds[third] = true;
                }
            }

            return thirds;
        }
    }
}
