namespace ZeroTrust.Redaction.Statements;

/// <summary>What a backslash in a literal does.</summary>
internal enum EscapeRule
{
    /// <summary>It is a character like others.</summary>
    None,

    /// <summary>It protects the character behind it.</summary>
    Backslash,

    /// <summary>Not known: where the end of the literal depends on it, the rest of the statement goes.</summary>
    Unsure,
}
