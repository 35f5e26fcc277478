namespace ZeroTrust.Redaction.Statements;

/// <summary>What a number sign begins.</summary>
internal enum HashMeaning
{
    /// <summary>Nothing, an operator or a name such as that of a temporary table.</summary>
    Sign,

    /// <summary>A comment up to the end of the line.</summary>
    Comment,

    /// <summary>A comment, unless a name stands where a table is named (unknown dialect).</summary>
    Guessed,
}
