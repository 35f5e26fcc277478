using System.Buffers;
using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Statements;

/// <summary>Takes the literals out of a statement that is read word by word.</summary>
internal static class LiteralText
{
    private const int MaxPasses = 4;

    private static readonly SearchValues<char> Marks = SearchValues.Create("'\"-/#$`[");
    private static readonly SearchValues<string> TellingWords =
        SearchValues.Create(["identified", "password", "stdin", "format"], StringComparison.OrdinalIgnoreCase);

    /// <summary>The statement without its literals; the same reference when it has none.</summary>
    public static string Strip(string text, LiteralDialect dialect, bool keepsComments)
    {
        // A literal that is gone can make a comment of what follows: such a statement is none of the language, and is read again.
        for (var pass = 0; pass < MaxPasses && MayHold(text); pass++)
        {
            var stripped = LiteralReader.Read(text, dialect, keepsComments, quotesNames: false, out var needsNames);
            stripped = needsNames ? LiteralReader.Read(text, dialect, keepsComments, quotesNames: true, out _) : stripped;
            if (stripped == text)
            {
                return text;
            }

            text = stripped;
        }

        return MayHold(text) ? RedactionPolicy.Erased : text;
    }

    /// <summary>Most statements with parameters hold no quote or comment, and no number that is not the end of a name.</summary>
    private static bool MayHold(ReadOnlySpan<char> text)
    {
        if (text.ContainsAny(Marks) || text.ContainsAny(TellingWords))
        {
            return true;
        }

        for (var at = 0; text[at..].IndexOfAny(Characters.Decimal) is >= 0 and var found;)
        {
            at += found;
            if (at == 0 || !LiteralEnds.IsNameCharacter(text[at - 1]))
            {
                return true;
            }

            at += Characters.Run(text[at..], Characters.Decimal);
        }

        return false;
    }
}
