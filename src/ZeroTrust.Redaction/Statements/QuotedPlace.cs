namespace ZeroTrust.Redaction.Statements;

/// <summary>Where a text in double quotes stands.</summary>
internal enum QuotedPlace
{
    /// <summary>Where only a name can stand.</summary>
    Name,

    /// <summary>Behind <c>AS</c>, which a literal may follow in MySQL.</summary>
    Named,

    /// <summary>Where only a value can stand, or hardly anything else does.</summary>
    Value,

    /// <summary>Where a value stands more often than a name: behind an operator, as an argument.</summary>
    Operand,

    /// <summary>Anywhere else.</summary>
    Open,
}
