namespace ZeroTrust.Redaction.Names;

/// <summary>What a name says about the value behind it.</summary>
internal enum SecretKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Chosen by a person, so that it looks like anything: <c>password</c>.</summary>
    Password,

    /// <summary>As <see cref="Password"/>, by a name that is an ordinary word too: <c>pass</c>.</summary>
    Pass,

    /// <summary>The secret, or the name of one: <c>secret</c>, <c>credentials</c>.</summary>
    Thing,

    /// <summary>Drawn by a machine: <c>token</c>, <c>api_key</c>.</summary>
    Random,

    /// <summary>A few digits or letters: <c>pin</c>, <c>cvv</c>, <c>otp</c>.</summary>
    Code,

    /// <summary>All to the end of the line: <c>Cookie</c>, <c>Authorization</c>.</summary>
    Line,
}
