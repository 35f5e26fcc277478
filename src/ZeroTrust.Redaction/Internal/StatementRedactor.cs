using ZeroTrust.Redaction.Statements;

namespace ZeroTrust.Redaction.Internal;

/// <summary>Takes the literals out of a database statement, and runs the detectors over what is left. A statement that needs neither comes back as the same reference.</summary>
internal sealed class StatementRedactor(TextRedactor text)
{
    private readonly CleanTexts _clean = new();

    public string Redact(string statement)
    {
        if (_clean.Holds(statement))
        {
            return statement;
        }

        var redacted = statement.Length > TextRedactor.MaxLength ? TextRedactor.TooLong : text.Redact(StatementText.Strip(statement));
        if (ReferenceEquals(redacted, statement))
        {
            _clean.Add(statement);
        }

        return redacted;
    }
}
