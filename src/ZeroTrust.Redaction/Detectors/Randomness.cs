namespace ZeroTrust.Redaction.Detectors;

/// <summary>Whether a text was drawn rather than written.</summary>
internal static class Randomness
{
    private const int Ascii = 128;
    private const int Sample = 256;
    private const int PlaceholderRun = 5;
    private const int ShortestHex = 16;

    /// <summary>Shannon's entropy in bits for each character, over the first 256.</summary>
    public static double Entropy(ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, Sample)];
        Span<int> counts = stackalloc int[Ascii];
        foreach (var character in text)
        {
            counts[character & (Ascii - 1)]++;
        }

        var entropy = 0d;
        foreach (var count in counts)
        {
            if (count > 0)
            {
                var share = (double)count / text.Length;
                entropy -= share * Math.Log2(share);
            }
        }

        return entropy;
    }

    /// <summary>Whether half or more of the text is one run of such a character: <c>abcdxxxxxxxx</c>.</summary>
    public static bool IsMostlyPlaceholder(ReadOnlySpan<char> text)
    {
        var (run, longest) = (0, 0);
        for (var i = 0; i < text.Length && i < Sample; i++)
        {
            run = text[i] is 'x' or 'X' or '*' or '#' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest >= PlaceholderRun && 2 * longest >= text.Length;
    }

    /// <summary>A run of one character, as in <c>xxxxx</c>, stands for a secret and is none.</summary>
    public static bool HasPlaceholderRun(ReadOnlySpan<char> text)
    {
        var run = 1;
        for (var i = 1; i < text.Length && i < Sample; i++)
        {
            run = text[i] == text[i - 1] ? run + 1 : 1;
            if (run == PlaceholderRun && text[i] is 'x' or 'X' or '*' or '.' or '#' or '0')
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Hexadecimal digits in both cases: whatever draws writes them in one, and a shorter text may be of another alphabet.</summary>
    public static bool IsHandwrittenHex(ReadOnlySpan<char> text) =>
        text.Length >= ShortestHex && !text.ContainsAnyExcept(Characters.AnyHex) && text.ContainsAny(Characters.LowerLetters) && text.ContainsAny(Characters.UpperLetters);
}
