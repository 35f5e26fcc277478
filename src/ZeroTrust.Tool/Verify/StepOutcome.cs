namespace ZeroTrust.Tool.Verify;

/// <summary>One line of the explanation.</summary>
internal sealed record StepOutcome(VerifyStep Step, StepResult Result, string Text);
