using ZeroTrust.Redaction.Names;

namespace ZeroTrust.Redaction.Rules;

/// <summary>What was decided about one attribute key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Name">The key as it is exported: the key itself may carry personal data.</param>
/// <param name="Decision">What is done with the value.</param>
internal sealed record KeyPlan(string Key, string Name, KeyDecision Decision)
{
    public bool IsRenamed { get; } = !ReferenceEquals(Key, Name);

    /// <summary>What the words of the key tell, where no rule names it.</summary>
    public SecretKind Told { get; init; }

    public bool IsKept { get; } = Decision.Action == RedactionAction.Keep;

    /// <summary>For a value that has no key of its own.</summary>
    public static KeyPlan Keyless { get; } = new("", "", KeyDecision.Keep);
}
