using Microsoft.Extensions.Compliance.Redaction;

namespace ZeroTrust.Redaction.Rules;

/// <summary>What the rules say about a key.</summary>
/// <param name="Action">What is done with the value.</param>
/// <param name="Length">How many characters stay, for <see cref="RedactionAction.Truncate"/>.</param>
/// <param name="Redactor">Who does the work, for <see cref="RedactionAction.Classified"/>.</param>
internal sealed record KeyDecision(RedactionAction Action, int Length = 0, Redactor? Redactor = null)
{
    public static KeyDecision Keep { get; } = new(RedactionAction.Keep);

    public static KeyDecision Erase { get; } = new(RedactionAction.Erase);
}
