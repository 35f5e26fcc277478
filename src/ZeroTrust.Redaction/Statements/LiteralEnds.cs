using System.Buffers;

namespace ZeroTrust.Redaction.Statements;

/// <summary>
/// Where what begins at some place of a statement ends. Where that is not sure, or there is no end, it is the end of the statement.
/// </summary>
internal static class LiteralEnds
{
    private static readonly SearchValues<char> NumberCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._");
    private static readonly SearchValues<char> QuoteOrBackslash = SearchValues.Create("'\"`\\");

    public static bool IsNameStart(char character) =>
        char.IsAsciiLetter(character) || character == '_' || (!char.IsAscii(character) && char.IsLetter(character));

    public static bool IsNameCharacter(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '_' or '$' or '#'
            || (!char.IsAscii(character) && char.IsLetterOrDigit(character));

    public static int OfName(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && IsNameCharacter(text[at]))
        {
            at++;
        }

        return at;
    }

    /// <summary>The letters of a tag behind a dollar sign.</summary>
    public static int OfTag(ReadOnlySpan<char> text, int at)
    {
        do
        {
            at++;
        }
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_'));

        return at;
    }

    /// <summary>A text in quotes, which are doubled inside it.</summary>
    public static int OfQuoted(ReadOnlySpan<char> text, int at, EscapeRule escapes)
    {
        var quote = text[at];
        for (var end = at + 1; end < text.Length;)
        {
            var found = escapes == EscapeRule.None ? text[end..].IndexOf(quote) : text[end..].IndexOfAny(QuoteOrBackslash);
            if (found < 0)
            {
                return text.Length;
            }

            end += found;
            if (text[end] == '\\')
            {
                if (escapes == EscapeRule.Unsure && IsQuoteBehind(text, ref end, quote))
                {
                    return text.Length;
                }

                end += escapes == EscapeRule.Backslash ? 2 : 0;
            }
            else if (text[end] != quote)
            {
                end++;
            }
            else if (end + 1 < text.Length && text[end + 1] == quote)
            {
                end += 2;
            }
            else
            {
                return end + 1;
            }
        }

        return text.Length;
    }

    /// <summary>A text in quotes, of which only a backslash protects.</summary>
    public static int OfEscaped(ReadOnlySpan<char> text, int at)
    {
        var quote = text[at];
        for (var end = at + 1; end < text.Length && text[end..].IndexOfAny(quote, '\\') is >= 0 and var found; end += 2)
        {
            end += found;
            if (text[end] == quote)
            {
                return end + 1;
            }
        }

        return text.Length;
    }

    /// <summary>A text in quotes that end where they stand three times again.</summary>
    public static int OfTripled(ReadOnlySpan<char> text, int at, EscapeRule escapes)
    {
        for (var end = at + 3; end < text.Length; end++)
        {
            if (text[end] == '\\' && escapes != EscapeRule.None)
            {
                end++;
            }
            else if (text[end] == text[at] && IsTripled(text, end))
            {
                return end + 3;
            }
        }

        return text.Length;
    }

    public static bool IsTripled(ReadOnlySpan<char> text, int at) =>
        at + 2 < text.Length && text[at + 1] == text[at] && text[at + 2] == text[at];

    /// <summary>A string of Oracle, from the delimiter behind <c>q'</c>.</summary>
    public static int OfDelimited(ReadOnlySpan<char> text, int delimiter)
    {
        var closing = text[delimiter] switch { '[' => ']', '{' => '}', '(' => ')', '<' => '>', var same => same };
        var end = text[(delimiter + 1)..].IndexOf([closing, '\'']);
        return end < 0 ? text.Length : delimiter + 1 + end + 2;
    }

    /// <summary>A regular expression with its flags, on one line.</summary>
    public static int OfRegex(ReadOnlySpan<char> text, int at)
    {
        var isInClass = false;
        for (var end = at + 1; end < text.Length && text[end] is not ('\r' or '\n'); end++)
        {
            if (text[end] == '\\')
            {
                end++;
            }
            else if (text[end] == '/' && !isInClass)
            {
                return OfName(text, end + 1);
            }
            else
            {
                isInClass = text[end] == '[' || (isInClass && text[end] != ']');
            }
        }

        return text.Length;
    }

    public static int OfLine(ReadOnlySpan<char> text, int at) =>
        text[at..].IndexOfAny('\r', '\n') is >= 0 and var end ? at + end : text.Length;

    public static int OfComment(ReadOnlySpan<char> text, int at, CommentNesting nesting)
    {
        var depth = 1;
        for (var end = at + 2; text[end..].IndexOfAny('/', '*') is >= 0 and var found;)
        {
            end += found;
            var next = end + 1 < text.Length ? text[end + 1] : '\0';
            if (text[end] == '*' && next == '/')
            {
                end += 2;
                if (--depth == 0)
                {
                    return end;
                }
            }
            else if (text[end] == '/' && next == '*')
            {
                if (nesting == CommentNesting.Unsure)
                {
                    return text.Length;
                }

                depth += nesting == CommentNesting.Nested ? 1 : 0;
                end += nesting == CommentNesting.Nested ? 2 : 1;
            }
            else
            {
                end++;
            }
        }

        return text.Length;
    }

    /// <summary>A number, a date or a time without quotes, with their units.</summary>
    public static int OfNumber(ReadOnlySpan<char> text, int at)
    {
        var rest = text[at..];
        var length = 0;
        while (length < rest.Length && (NumberCharacters.Contains(rest[length]) || (length > 0 && IsJoined(rest, length))))
        {
            length++;
        }

        return at + length;
    }

    /// <summary>Whether a sign or a colon belongs to the number: <c>1e-3</c>, <c>2026-11-30T10:00:00Z</c>.</summary>
    private static bool IsJoined(ReadOnlySpan<char> number, int sign) =>
        sign + 1 < number.Length && char.IsAsciiDigit(number[sign + 1])
        && (number[sign] is '-' or ':' || (number[sign] == '+' && number[sign - 1] is 'e' or 'E'));

    /// <summary>Whether a run of backslashes ends at the quote, and is odd. The end goes behind the run.</summary>
    private static bool IsQuoteBehind(ReadOnlySpan<char> text, ref int end, char quote)
    {
        var run = text[end..].IndexOfAnyExcept('\\') is >= 0 and var length ? length : text.Length - end;
        end += run;
        return run % 2 == 1 && end < text.Length && text[end] == quote;
    }
}
