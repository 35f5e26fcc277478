using System.Buffers;

namespace ZeroTrust.Redaction.Statements;

/// <summary>Where what begins at some place of a SQL statement ends. Where dialects differ, or there is no end, it is the end of the statement.</summary>
internal static class SqlEnds
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._");

    public static bool IsNameStart(char character) => char.IsAsciiLetter(character) || character == '_' || (!char.IsAscii(character) && char.IsLetter(character));

    public static bool IsNameCharacter(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '_' or '$' or '#' || (!char.IsAscii(character) && char.IsLetterOrDigit(character));

    public static int OfName(ReadOnlySpan<char> sql, int at)
    {
        while (at < sql.Length && IsNameCharacter(sql[at]))
        {
            at++;
        }

        return at;
    }

    /// <summary>A string whose quote is doubled inside it. <c>'it\'s'</c> ends here in one dialect and there in another.</summary>
    public static int OfString(ReadOnlySpan<char> sql, int at)
    {
        var quote = sql[at];
        for (var end = at + 1; sql[end..].IndexOf(quote) is >= 0 and var found;)
        {
            end += found;
            if (EndsInOddBackslashes(sql[(at + 1)..end]))
            {
                return sql.Length;
            }

            if (end + 1 >= sql.Length || sql[end + 1] != quote)
            {
                return end + 1;
            }

            end += 2;
        }

        return sql.Length;
    }

    /// <summary>A name in quotes; the quote alone where it is not closed.</summary>
    public static int OfQuotedName(ReadOnlySpan<char> sql, int at) =>
        sql[(at + 1)..].IndexOf(sql[at]) is >= 0 and var end ? at + end + 2 : at + 1;

    /// <summary>A string of Oracle, from the delimiter behind <c>q'</c>.</summary>
    public static int OfOracleString(ReadOnlySpan<char> sql, int delimiter)
    {
        var closing = sql[delimiter] switch { '[' => ']', '{' => '}', '(' => ')', '<' => '>', var same => same };
        var end = sql[(delimiter + 1)..].IndexOf([closing, '\'']);
        return end < 0 ? sql.Length : delimiter + 1 + end + 2;
    }

    public static int OfLine(ReadOnlySpan<char> sql, int at) => sql[at..].IndexOfAny('\r', '\n') is >= 0 and var end ? at + end : sql.Length;

    /// <summary>Comments nest in PostgreSQL and SQL Server, not in MySQL and Oracle: where they would, the rest goes.</summary>
    public static int OfComment(ReadOnlySpan<char> sql, int at)
    {
        var rest = sql[(at + 2)..];
        var end = rest.IndexOf("*/", StringComparison.Ordinal);
        return end < 0 || rest[..end].Contains("/*", StringComparison.Ordinal) ? sql.Length : at + 2 + end + 2;
    }

    public static int OfNumber(ReadOnlySpan<char> sql, int at)
    {
        var rest = sql[at..];
        var length = 0;
        while (length < rest.Length && (NumberCharacters.Contains(rest[length]) || (rest[length] is '+' or '-' && IsExponent(rest, length))))
        {
            length++;
        }

        return at + length;
    }

    private static bool IsExponent(ReadOnlySpan<char> number, int sign) =>
        number[sign - 1] is 'e' or 'E' && sign + 1 < number.Length && char.IsAsciiDigit(number[sign + 1]) && !number.StartsWith("0x", StringComparison.OrdinalIgnoreCase);

    private static bool EndsInOddBackslashes(ReadOnlySpan<char> text) => (text.Length - 1 - text.LastIndexOfAnyExcept('\\')) % 2 == 1;
}
