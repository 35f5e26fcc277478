using System.Buffers;

namespace ZeroTrust.Redaction.Statements;

/// <summary>A statement of MongoDB: a command as a document, with or without its name before it, or a call of the shell.</summary>
internal static class MongoStatement
{
    private const string Shell = "db.";

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.$- \t");

    /// <summary>Whether a text looks like a call of the shell, or a command with its name before it.</summary>
    public static bool Applies(ReadOnlySpan<char> text) =>
        text.StartsWith(Shell, StringComparison.Ordinal)
            || (DocumentNames.IsMongoVerb(Verb(text)) && (IsNamed(text) || DocumentStart(text) == text.Length));

    public static string Strip(string statement, bool keepsComments)
    {
        var text = statement.AsSpan().TrimStart();
        if (DocumentReader.Applies(text))
        {
            return DocumentReader.Strip(statement, 0, StatementLanguage.MongoDb);
        }

        if (!text.StartsWith(Shell, StringComparison.Ordinal) && IsNamed(statement))
        {
            return DocumentReader.Strip(statement, DocumentStart(statement), StatementLanguage.MongoDb);
        }

        if (!IsCall(text))
        {
            return DocumentNames.IsMongoVerb(Verb(text)) && !text.ContainsAnyExcept(NameCharacters) ? statement : RedactionPolicy.Erased;
        }

        var stripped = LiteralText.Strip(statement, LiteralDialects.Of(StatementLanguage.MongoDb), keepsComments);
        return ReferenceEquals(stripped, statement) || IsCall(stripped.AsSpan().TrimStart()) ? stripped : RedactionPolicy.Erased;
    }

    private static bool IsCall(ReadOnlySpan<char> text) =>
        text.IndexOfAnyExcept(NameCharacters) is > 0 and var end && text[end] == '(' && char.IsAsciiLetter(text[0]);

    private static bool IsNamed(ReadOnlySpan<char> text) =>
        DocumentStart(text) is var start && start < text.Length && !text[..start].ContainsAnyExcept(NameCharacters);

    private static int DocumentStart(ReadOnlySpan<char> text) => text.IndexOfAny('{', '[') is >= 0 and var start ? start : text.Length;

    /// <summary>The first word, or what stands behind the last dot of it: <c>find</c>, <c>users.find</c>.</summary>
    private static ReadOnlySpan<char> Verb(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        var word = text.IndexOfAny(" \t\r\n{") is >= 0 and var end ? text[..end] : text;
        return word[(word.LastIndexOf('.') + 1)..];
    }
}
