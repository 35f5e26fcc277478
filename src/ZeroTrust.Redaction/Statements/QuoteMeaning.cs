namespace ZeroTrust.Redaction.Statements;

/// <summary>What stands in a pair of quotes.</summary>
internal enum QuoteMeaning
{
    /// <summary>A literal.</summary>
    Literal,

    /// <summary>A name.</summary>
    Name,

    /// <summary>A name, and a literal where only a value can stand (SQLite).</summary>
    NameUnlessValue,

    /// <summary>A literal, unless the statement has a quoted name where only a name can stand (unknown dialect).</summary>
    Guessed,
}
