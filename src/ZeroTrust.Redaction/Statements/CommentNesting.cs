namespace ZeroTrust.Redaction.Statements;

/// <summary>What a comment inside a comment is.</summary>
internal enum CommentNesting
{
    /// <summary>Text of the outer comment.</summary>
    Flat,

    /// <summary>A comment of its own, which ends before the outer one does.</summary>
    Nested,

    /// <summary>Not known: the rest of the statement goes.</summary>
    Unsure,
}
