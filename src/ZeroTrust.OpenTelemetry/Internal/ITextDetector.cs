namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>Finds one kind of sensitive text. Linear in the length of the text, and blind to its own <see cref="Marker"/>.</summary>
internal interface ITextDetector
{
    /// <summary>What takes the place of what was found.</summary>
    static abstract string Marker { get; }

    /// <summary>Finds the next part that must go.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="from">Where to begin: 0, or the end of the last part found.</param>
    /// <param name="start">The first character of the part.</param>
    /// <param name="length">Its length, at least 1.</param>
    static abstract bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int length);
}
