namespace ZeroTrust.Redaction.Statements;

/// <summary>Where the comments of a dialect end, and what of them is no data.</summary>
internal static class DialectComments
{
    private const string Opening = "/*";

    /// <summary>The end of the comment that begins here; 0 where none does.</summary>
    public static int End(LiteralDialect dialect, ReadOnlySpan<char> text, int at, in SqlPlace place)
    {
        var next = at + 1 < text.Length ? text[at + 1] : '\0';
        return text[at] switch
        {
            '-' when next == '-' && dialect.HasDashComments => LiteralEnds.OfLine(text, at),
            '/' when next == '/' && dialect.HasSlashComments => LiteralEnds.OfLine(text, at),
            '#' when dialect.Hash == HashMeaning.Comment => LiteralEnds.OfLine(text, at),
            '#' when dialect.Hash == HashMeaning.Guessed && IsHashComment(text, at, next, place) => LiteralEnds.OfLine(text, at),
            '/' when next == '*' => LiteralEnds.OfComment(text, at, dialect.Nesting),
            _ => 0,
        };
    }

    /// <summary>Whether it is sure where the comment ends, so that it can stay.</summary>
    public static bool IsSure(LiteralDialect dialect, ReadOnlySpan<char> comment) =>
        dialect.Nesting != CommentNesting.Unsure || !comment.StartsWith(Opening, StringComparison.Ordinal)
        || !comment[Opening.Length..].Contains(Opening, StringComparison.Ordinal);

    /// <summary><c>#</c> begins a comment in MySQL; in PostgreSQL it is an operator, in SQL Server a temporary table.</summary>
    private static bool IsHashComment(ReadOnlySpan<char> text, int at, char next, in SqlPlace place)
    {
        var isTable = LiteralEnds.IsNameStart(next) && (place.IsTableNext || text[LiteralEnds.OfName(text, at + 1)..] is ['.', ..]);
        return next is not ('#' or '>' or '-' or '=') && !isTable;
    }
}
