namespace ZeroTrust.Tool.Verify;

/// <summary>The explanation as it is written with <c>--json</c>.</summary>
internal sealed record VerifyReport
{
    public required string Verdict { get; init; }

    public required string Role { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string TrustDomain { get; init; }

    public string? Workload { get; init; }

    public DateTimeOffset? ValidUntil { get; init; }

    public string? Code { get; init; }

    public string? Meaning { get; init; }

    public string? Detail { get; init; }

    public string? Expected { get; init; }

    public string? Presented { get; init; }

    public string? Action { get; init; }

    public required IReadOnlyList<VerifyReportStep> Steps { get; init; }

    public required IReadOnlyList<string> Path { get; init; }

    public required IReadOnlyList<CertificateFacts> Certificates { get; init; }

    public required IReadOnlyList<CertificateFacts> Anchors { get; init; }

    public static VerifyReport Of(Explanation explanation)
    {
        var peer = explanation.Verdict.Value;
        var rejection = explanation.Verdict.IsAccepted ? null : explanation.Verdict.Rejection;
        var request = explanation.Input.Request;
        return new VerifyReport
        {
            Verdict = rejection is null ? "accepted" : "refused",
            Role = request.Role.ToString().ToLowerInvariant(),
            At = request.At,
            TrustDomain = explanation.Input.TrustDomain.ToString(),
            Workload = peer?.Workload?.ToString(),
            ValidUntil = peer?.ValidUntil,
            Code = rejection?.Code,
            Meaning = rejection is null ? null : RefusalTexts.MeaningOf(rejection.Code),
            Detail = rejection?.Detail,
            Expected = rejection?.Expected,
            Presented = rejection?.Presented,
            Action = rejection is null ? null : RefusalTexts.ActionFor(rejection.Code),
            Steps = [.. explanation.Steps.Select(step => new VerifyReportStep(NameOf(step.Step), MarkOf(step.Result), step.Text))],
            Path = explanation.Path,
            Certificates = explanation.Certificates,
            Anchors = explanation.Anchors,
        };
    }

    private static string NameOf(VerifyStep step) => step switch
    {
        VerifyStep.KeyUsage => "key usage",
        VerifyStep.TrustDomain => "trust domain",
        _ => step.ToString().ToLowerInvariant(),
    };

    private static string MarkOf(StepResult result) => result switch
    {
        StepResult.Ok => "ok",
        StepResult.No => "no",
        _ => "--",
    };
}
