namespace ZeroTrust.Redaction.Detectors;

/// <summary>What stands between the groups of a number, as people, documents and encodings write it.</summary>
internal static class Separator
{
    private const int LongestEncoded = 6;

    private static readonly string[] Encoded = ["%20", "%2D", "%2B", "\\u00a0", "\\u002d", "\\t", "&nbsp;", "&#160;"];

    /// <summary>The length of the separator the text begins with; 0 where it is none.</summary>
    public static int LengthAt(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return 0;
        }

        if (IsSimple(text[0]))
        {
            return 1;
        }

        if (text[0] is '%' or '\\' or '&')
        {
            foreach (var encoded in Encoded)
            {
                if (text.StartsWith(encoded, StringComparison.OrdinalIgnoreCase))
                {
                    return encoded.Length;
                }
            }
        }

        return 0;
    }

    /// <summary>Whether a separator ends where the text does.</summary>
    public static bool EndsIn(ReadOnlySpan<char> text)
    {
        for (var length = 1; length <= Math.Min(LongestEncoded, text.Length); length++)
        {
            if (LengthAt(text[^length..]) == length)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSimple(char character) =>
        character is ' ' or '-' or '.' or '_' or '/' or '+' or '\t'
        || character is '\u00a0' or '\u202f' or '\u2007' or '\u2009' or (>= '\u2010' and <= '\u2014') or '\u2212';
}
