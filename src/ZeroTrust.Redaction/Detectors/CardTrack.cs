using System.Buffers;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>
/// What a magnetic stripe or a chip has beside the number of the card (ISO/IEC 7813): name, expiry, service code and discretionary data.
/// </summary>
internal static class CardTrack
{
    /// <summary>Expiry and service code.</summary>
    private const int FewestDigits = 7;
    private const int LongestName = 26;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789F");

    /// <summary>Whether a track of a stripe begins before the number: <c>%B4111…^</c>.</summary>
    public static bool BeginsBefore(ReadOnlySpan<char> text, int start, int end) =>
        start > 0 && text[start - 1] is 'B' or 'b' && !Characters.IsInsideWord(text, start - 1) && end < text.Length && text[end] == '^';

    /// <summary>The length of what belongs to the card behind its number; 0 where nothing does.</summary>
    public static int LengthBehind(ReadOnlySpan<char> rest)
    {
        if (rest is ['^', ..])
        {
            var name = rest[1..Math.Min(rest.Length, LongestName + 2)].IndexOf('^');
            return name < 0 ? 0 : Data(rest, name + 2);
        }

        return rest is ['=' or 'D' or 'd', ..] ? Data(rest, 1) : 0;
    }

    /// <summary>Where the card begins, the sentinel of its track with it.</summary>
    public static int StartOf(ReadOnlySpan<char> text, int start)
    {
        var begin = start > 0 && text[start - 1] is 'B' or 'b' ? start - 1 : start;
        return begin > 0 && text[begin - 1] is ';' or '%' ? begin - 1 : begin;
    }

    private static int Data(ReadOnlySpan<char> rest, int from)
    {
        var digits = Characters.Run(rest[from..], Digits);
        var end = from + digits;
        return digits < FewestDigits ? 0 : end < rest.Length && rest[end] == '?' ? end + 1 : end;
    }
}
