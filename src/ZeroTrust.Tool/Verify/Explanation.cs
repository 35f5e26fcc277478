using ZeroTrust.Mtls;

namespace ZeroTrust.Tool.Verify;

/// <summary>A verdict, and everything it rests on.</summary>
internal sealed record Explanation(VerifyInput Input, Verdict<VerifiedPeer> Verdict)
{
    public required IReadOnlyList<CertificateFacts> Certificates { get; init; }

    public required IReadOnlyList<CertificateFacts> Anchors { get; init; }

    public required IReadOnlyList<StepOutcome> Steps { get; init; }

    /// <summary>What an operator has to know beside the verdict.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The subjects from the leaf to the anchor; empty when no path was found.</summary>
    public required IReadOnlyList<string> Path { get; init; }
}
