namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>What was decided about one attribute key.</summary>
/// <param name="Name">The key as it is exported: the key itself may carry personal data.</param>
/// <param name="Action">What is done with the value.</param>
/// <param name="IsRenamed">Whether <paramref name="Name"/> differs from the key.</param>
internal readonly record struct KeyPlan(string Name, RedactionAction Action, bool IsRenamed);
