namespace ZeroTrust.Tool.Verify;

/// <summary>What is written with <c>--json</c> where there is no verdict.</summary>
internal sealed record VerifyFailure
{
    public string Verdict { get; init; } = "unreadable";

    /// <summary>What standard error says.</summary>
    public required string Error { get; init; }
}
