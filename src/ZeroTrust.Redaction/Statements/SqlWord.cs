namespace ZeroTrust.Redaction.Statements;

/// <summary>What a word of SQL says of what follows it.</summary>
internal enum SqlWord
{
    /// <summary>A name.</summary>
    Plain,

    /// <summary>A word of the language behind which anything may stand.</summary>
    Other,

    /// <summary>A name follows.</summary>
    Naming,

    /// <summary><c>FROM</c>, behind which a name follows unless it is a word of a function.</summary>
    From,

    /// <summary>A name follows, and a list of names may stand behind that.</summary>
    Table,

    /// <summary>A list of names follows.</summary>
    Columns,

    /// <summary><c>ON</c>, which names a table where something is created.</summary>
    On,
    As,
    Select,
    Values,
    In,

    /// <summary>What is compared with follows.</summary>
    Like,
    Between,
    And,

    /// <summary>A result follows.</summary>
    Branch,
    Is,
    By,
    Identified,
    Replace,
    Password,
    Create,
    Alter,
    Set,
    Insert,
    Copy,
    Stdin,
    Format,
    Do,
}
