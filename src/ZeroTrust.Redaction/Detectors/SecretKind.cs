namespace ZeroTrust.Redaction.Detectors;

/// <summary>What a name says about the value behind it.</summary>
internal enum SecretKind
{
    None,

    /// <summary>The value is a secret, whatever it looks like: <c>password</c>.</summary>
    Any,

    /// <summary>The value is a secret if it looks drawn: <c>token</c>.</summary>
    Random,

    /// <summary>All to the end of the line is: <c>Cookie</c>.</summary>
    Line,
}
