namespace ZeroTrust.Redaction.Tokens;

/// <summary>
/// What a text that fits a shape must show beside it. Short prefixes are words too, and a digest behind one is no token yet.
/// </summary>
internal enum TokenEvidence
{
    None,

    /// <summary>A letter and a digit.</summary>
    Digit,

    /// <summary>Both cases.</summary>
    Case,

    /// <summary>A digit and both cases, in each long part that can hold them.</summary>
    Mixed,

    /// <summary>The name of the vendor or a telling word before it, or the beginning of a value.</summary>
    Near,
}
