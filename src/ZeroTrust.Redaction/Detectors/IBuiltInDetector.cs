namespace ZeroTrust.Redaction.Detectors;

/// <summary>Finds one kind of sensitive text. Linear in the length of the text, and blind to its own markers.</summary>
internal interface IBuiltInDetector
{
    /// <summary>Finds the next part that must go.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="from">Where to begin: 0, or the end of the last part found.</param>
    /// <param name="finding">The part, never empty.</param>
    static abstract bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding);
}
