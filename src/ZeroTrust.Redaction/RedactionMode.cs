namespace ZeroTrust.Redaction;

/// <summary>What happens to an attribute that no rule names.</summary>
public enum RedactionMode
{
    /// <summary>The attribute is kept, after the value detectors have run over it.</summary>
    Deny = 0,

    /// <summary>The attribute's value is erased: only keys with a <see cref="RedactionAction.Keep"/> rule leave the process.</summary>
    KeepOnly = 1,
}
