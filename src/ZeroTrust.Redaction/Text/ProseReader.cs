using System.Buffers;
using ZeroTrust.Redaction.Detectors;
using ZeroTrust.Redaction.Names;

namespace ZeroTrust.Redaction.Text;

/// <summary>
/// Secrets in sentences: a word that was drawn behind one that tells of it, with no sign between them. <c>Invalid password B3GBNqMURwff
/// for user bob</c>.
/// </summary>
internal static class ProseReader
{
    private const int ShortestCode = 4;
    private const int LongestCode = 8;
    private const int MaxName = 64;
    private const int MaxWordsBefore = 4;

    private static readonly SearchValues<char> Spaces = SearchValues.Create(" \t\r\n");

    /// <param name="view">The text.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="first">The first finding of the same piece.</param>
    /// <param name="found">What was found.</param>
    public static void Read(in TextView view, int from, int first, FindingList found)
    {
        var text = view.Text;
        found.SortFrom(first);
        var last = found.Count;
        for (var at = from; text[at..].IndexOfAny(Characters.Decimal) is >= 0 and var next;)
        {
            at += next;
            var start = at - (text[from..at].LastIndexOfAny(Spaces) is >= 0 and var space ? at - from - space - 1 : at - from);
            var end = text[at..].IndexOfAny(Spaces) is >= 0 and var length ? at + length : text.Length;
            var word = text[start..end];
            var lead = word.Length - word.TrimStart("\"'`(<[").Length;
            word = word[lead..].TrimEnd("\"'`)>].,;:!?");
            if (start > from && found.EndAround(ref first, last, view.PlaceOf(start + lead)) < 0 && Tells(text[Math.Max(from, start - MaxName)..start], word))
            {
                found.Add(view.PlaceOf(start + lead), view.PlaceOf(start + lead + word.Length), PairReader.Marker);
            }

            at = end;
        }
    }

    private static bool Tells(ReadOnlySpan<char> before, ReadOnlySpan<char> word)
    {
        var isCode = word.Length is >= ShortestCode and <= LongestCode && !word.ContainsAnyExcept(Characters.Decimal);
        if (!isCode && (word.Length < LongestCode || word.ContainsAny("=/") || IsGuid(word) || !SecretValue.LooksDrawn(word)))
        {
            return false;
        }

        return KindOf(before) switch
        {
            SecretKind.Code => isCode || word.Length <= 12,
            SecretKind.Password or SecretKind.Pass or SecretKind.Random or SecretKind.Thing => !isCode,
            _ => false,
        };
    }

    /// <summary>What the last words tell, a verb between them and the value left out.</summary>
    private static SecretKind KindOf(ReadOnlySpan<char> before)
    {
        before = before.TrimEnd(" \t").TrimEnd(':').TrimEnd(' ');
        var end = before.Length;
        if (LastWord(before, end) is var last && last is "is" or "was" or "of")
        {
            before = before[..^last.Length].TrimEnd(' ');
            end = before.Length;
        }

        if (before is [.., '.' or ',' or ')' or '"'])
        {
            return SecretKind.None;
        }

        var start = end;
        for (var words = 0; words < MaxWordsBefore && start > 0; words++)
        {
            start -= LastWord(before, start).Length;
            if (before[start..end].ContainsAnyExcept(Characters.SpacedName))
            {
                return SecretKind.None;
            }

            if (SecretName.Classify(before[start..end]) is not SecretKind.None and var kind)
            {
                return kind;
            }

            if (words > 0 || !IsPart(before[start..end]))
            {
                return SecretKind.None;
            }

            start -= start > 0 ? 1 : 0;
        }

        return SecretKind.None;
    }

    /// <summary>A word that tells only behind another: <c>api key</c>.</summary>
    private static bool IsPart(ReadOnlySpan<char> word) =>
        word.Equals("key", StringComparison.OrdinalIgnoreCase) || word.Equals("code", StringComparison.OrdinalIgnoreCase) || word.Equals("id", StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> LastWord(ReadOnlySpan<char> text, int end) => text[(text[..end].LastIndexOfAny(Spaces) + 1)..end];

    private static bool IsGuid(ReadOnlySpan<char> word) => Guid.TryParseExact(word, "D", out _);
}
