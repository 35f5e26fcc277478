namespace ZeroTrust.Redaction;

/// <summary>
/// Finds one kind of sensitive text that only the application knows, such as a customer number. Register it with
/// <see cref="RedactionPolicyExtensions.AddTextDetector{TDetector}"/>; it runs behind the built-in detectors, over every text.
/// </summary>
/// <remarks>
/// Called on the threads that end spans and write logs, from several at once: no state, no waiting, time linear in the length of the text.
/// Where it throws or answers with a part outside the text, the record is dropped.
/// </remarks>
public interface ITextDetector
{
    /// <summary>What takes the place of what was found, in brackets: <c>customer</c> becomes <c>[customer]</c>.</summary>
    /// <value>1 to 16 lower-case letters, digits and dashes.</value>
    string Name { get; }

    /// <summary>Finds the next part that must go.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="from">Where to begin: 0, or the end of the last part found.</param>
    /// <param name="start">The first character of the part, not before <paramref name="from"/>.</param>
    /// <param name="length">Its length, at least 1.</param>
    /// <returns>Whether there is one.</returns>
    bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int length);
}
