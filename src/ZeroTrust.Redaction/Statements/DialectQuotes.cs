using System.Buffers;
using System.Collections.Frozen;

namespace ZeroTrust.Redaction.Statements;

/// <summary>Where what a dialect writes in quotes ends.</summary>
internal static class DialectQuotes
{
    private const int LongestPrefix = 2;
    private const int LongestBracketed = 130;
    private const string TripleBacktick = "```";

    private static readonly SearchValues<char> SimpleName =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$. -");

    /// <summary>The end of a text in single or double quotes.</summary>
    public static int OfString(LiteralDialect dialect, ReadOnlySpan<char> text, int quote) =>
        OfString(dialect, text, quote, dialect.Escapes);

    /// <summary>
    /// The end of a literal that begins with the word in front of the quote; <see langword="null"/> where the word is none of it.
    /// </summary>
    public static int? OfPrefixed(LiteralDialect dialect, ReadOnlySpan<char> text, ReadOnlySpan<char> word, int quote)
    {
        if (text[quote] == '&')
        {
            quote++;
            return word is "u" or "U" && quote < text.Length && text[quote] == '\'' && dialect.Prefixes.Contains("u&")
                ? LiteralEnds.OfQuoted(text, quote, dialect.Escapes)
                : null;
        }

        var isName = text[quote] == '"' && dialect.DoubleQuotes == QuoteMeaning.Name;
        return word.Length > LongestPrefix || isName || !IsOf(dialect.Prefixes, word) ? null
            : dialect.HasDelimitedStrings && word[^1] is 'q' or 'Q' && quote + 1 < text.Length ? LiteralEnds.OfDelimited(text, quote + 1)
            : OfString(dialect, text, quote, EscapesBehind(dialect, word));
    }

    /// <summary>The end of what backticks make a literal.</summary>
    public static int OfBackticks(ReadOnlySpan<char> text, int at)
    {
        var closing = text[at..].StartsWith(TripleBacktick, StringComparison.Ordinal) ? TripleBacktick : "`";
        var found = text[(at + closing.Length)..].IndexOf(closing, StringComparison.Ordinal);
        return found < 0 ? text.Length : at + found + (2 * closing.Length);
    }

    /// <summary>The end of a name in brackets; 0 where it is an index or an array.</summary>
    public static int OfBracketed(ReadOnlySpan<char> text, int at)
    {
        var end = text[at..Math.Min(text.Length, at + LongestBracketed)].IndexOf(']');
        var content = end > 1 ? text.Slice(at + 1, end - 1) : [];
        return content.Length > 0 && LiteralEnds.IsNameStart(content[0]) && !content.ContainsAnyExcept(SimpleName) ? at + end + 1 : 0;
    }

    /// <summary>Whether a closed text in quotes has the letters of a name.</summary>
    public static bool IsSimple(ReadOnlySpan<char> quoted) =>
        quoted.Length > 2 && quoted[^1] == quoted[0] && !quoted[1..^1].ContainsAnyExcept(SimpleName);

    private static int OfString(LiteralDialect dialect, ReadOnlySpan<char> text, int quote, EscapeRule escapes) =>
        dialect.HasTripleQuotes && LiteralEnds.IsTripled(text, quote)
            ? LiteralEnds.OfTripled(text, quote, escapes)
            : LiteralEnds.OfQuoted(text, quote, escapes);

    private static EscapeRule EscapesBehind(LiteralDialect dialect, ReadOnlySpan<char> prefix) =>
        IsOf(dialect.EscapingPrefixes, prefix) ? EscapeRule.Backslash
        : IsOf(dialect.UnsurePrefixes, prefix) ? EscapeRule.Unsure
        : dialect.Escapes;

    private static bool IsOf(FrozenSet<string> words, ReadOnlySpan<char> word) =>
        words.Count > 0 && words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
}
