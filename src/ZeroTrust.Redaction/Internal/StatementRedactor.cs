using ZeroTrust.Redaction.Statements;

namespace ZeroTrust.Redaction.Internal;

/// <summary>
/// Takes the literals out of a database statement, and runs the detectors over what is left. A statement that needs neither comes back as
/// the same reference.
/// </summary>
internal sealed class StatementRedactor(TextRedactor text, bool keepsComments)
{
    private const int MaxPasses = 4;

    /// <summary>Of each language apart: what is a name in one is a literal in another.</summary>
    private readonly CleanTexts?[] _clean = new CleanTexts?[Enum.GetValues<StatementLanguage>().Length];

    /// <param name="statement">The statement.</param>
    /// <param name="databaseSystem">The value of <c>db.system.name</c> or <c>db.system</c> beside it, if any.</param>
    public string Redact(string statement, string? databaseSystem)
    {
        var language = DatabaseSystems.LanguageOf(databaseSystem);
        var clean = Volatile.Read(ref _clean[(int)language]);
        if (clean is not null && clean.Holds(statement))
        {
            return statement;
        }

        var redacted = statement.Length > TextRedactor.MaxLength ? TextRedactor.TooLong : Redact(statement, language);
        if (ReferenceEquals(redacted, statement))
        {
            if (clean is null)
            {
                clean = new();
                Volatile.Write(ref _clean[(int)language], clean);
            }

            clean.Add(statement);
        }

        return redacted;
    }

    /// <summary>
    /// What a detector writes can make another language of what a statement looks like: such a statement is read again until nothing
    /// changes.
    /// </summary>
    private string Redact(string statement, StatementLanguage language)
    {
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            var stripped = StatementText.Strip(statement, language, keepsComments);
            var redacted = text.Redact(stripped);
            if (ReferenceEquals(redacted, stripped))
            {
                return redacted;
            }

            statement = redacted;
        }

        return RedactionPolicy.Erased;
    }
}
