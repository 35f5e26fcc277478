using System.Collections.Frozen;

namespace ZeroTrust.Redaction.Statements;

/// <summary>The data behind <c>COPY … FROM STDIN</c>.</summary>
internal static class CopyText
{
    private const string Terminator = "\\.";

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Options = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "WITH", "CSV", "BINARY", "DELIMITER", "NULL", "HEADER", "WHERE", "FORMAT", "ENCODING", "QUOTE", "ESCAPE",
        "FORCE").GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether the statement itself goes on behind the line break.</summary>
    public static bool HasOptions(ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart();
        return rest.IsEmpty || rest[0] == ';' || Options.Contains(rest[..LiteralEnds.OfName(rest, 0)]);
    }

    /// <summary>How long the data are, up to the line that ends them.</summary>
    public static int Length(ReadOnlySpan<char> rest) =>
        rest.StartsWith(Terminator, StringComparison.Ordinal) ? 0
        : rest.IndexOf("\n" + Terminator, StringComparison.Ordinal) is >= 0 and var end ? end - (end > 0 && rest[end - 1] == '\r' ? 1 : 0)
        : rest.Length;
}
