using System.Buffers;

namespace ZeroTrust.Redaction.Statements;

/// <summary>What of a comment is no data.</summary>
internal static class CommentText
{
    private const string Closing = "*/";
    private const string TraceParent = "traceparent='";

    /// <summary>Length of <c>00-{trace id}-{span id}-01</c>.</summary>
    private const int TraceLength = 55;

    private static readonly SearchValues<char> TraceCharacters = SearchValues.Create("0123456789abcdef-");

    /// <summary>
    /// The length of the beginning of a comment that the database reads, so that its words are those of the statement; 0 where it reads
    /// none.
    /// </summary>
    public static int HintLength(LiteralDialect dialect, ReadOnlySpan<char> comment) =>
        comment.Length <= 5 || comment[0] != '/' || !comment.EndsWith(Closing, StringComparison.Ordinal) ? 0
        : dialect.RunsComments && comment[2] == '!' && char.IsAsciiDigit(comment[3]) ? 3 + comment[3..].IndexOfAnyExceptInRange('0', '9')
        : dialect.HasHints && comment[2] == '+' && IsHints(comment[3..^2]) ? 3
        : 0;

    /// <summary>The comment with nothing but the trace context in it, as sqlcommenter writes it; nothing where it has none.</summary>
    public static ReadOnlySpan<char> TraceContext(ReadOnlySpan<char> comment)
    {
        var start = comment.IndexOf(TraceParent, StringComparison.Ordinal);
        var value = start < 0 ? [] : comment[(start + TraceParent.Length)..];
        return value.Length > TraceLength && value[TraceLength] == '\'' && !value[..TraceLength].ContainsAnyExcept(TraceCharacters)
            && value[2] == '-' && value[35] == '-' && value[52] == '-'
            ? string.Concat("/*", comment.Slice(start, TraceParent.Length + TraceLength + 1), Closing)
            : [];
    }

    /// <summary>Whether each word has arguments, as those of a hint do and those of a remark do not.</summary>
    private static bool IsHints(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        while (!text.IsEmpty)
        {
            var name = LiteralEnds.OfName(text, 0);
            if (name == 0 || name == text.Length || text[name] != '(' || text[name..].IndexOf(')') is not (> 0 and var end))
            {
                return false;
            }

            text = text[(name + end + 1)..].TrimStart();
        }

        return true;
    }
}
