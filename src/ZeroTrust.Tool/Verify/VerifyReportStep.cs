namespace ZeroTrust.Tool.Verify;

/// <summary>One step.</summary>
/// <param name="Step">Its name.</param>
/// <param name="Result"><c>ok</c>, <c>no</c>, or <c>--</c> where an earlier step refused.</param>
/// <param name="Text">What it saw, or why it refused.</param>
internal sealed record VerifyReportStep(string Step, string Result, string Text);
