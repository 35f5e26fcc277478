using System.Buffers;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>An at sign, as such or as URLs, JSON and HTML write it.</summary>
internal static class AtSign
{
    private static readonly SearchValues<char> Begins = SearchValues.Create("@%\\&");
    private static readonly string[] Encoded = ["%40", "%2540", "\\u0040", "\\x40", "&#64;", "&#x40;", "&commat;"];

    /// <summary>Where the next one may begin; negative where there is none.</summary>
    public static int Next(ReadOnlySpan<char> text) => text.IndexOfAny(Begins);

    /// <summary>The length of the at sign that the text begins with; 0 where it is none.</summary>
    public static int LengthAt(ReadOnlySpan<char> text)
    {
        if (text[0] == '@')
        {
            return 1;
        }

        foreach (var sign in Encoded)
        {
            if (text.StartsWith(sign, StringComparison.OrdinalIgnoreCase))
            {
                return sign.Length;
            }
        }

        return 0;
    }
}
