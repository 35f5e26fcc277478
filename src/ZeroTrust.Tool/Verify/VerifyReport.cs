namespace ZeroTrust.Tool.Verify;

/// <summary>The explanation as it is written with <c>--json</c>.</summary>
internal sealed record VerifyReport
{
    public required string Verdict { get; init; }

    public required string Role { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>What judges the peer; null where it is a partner's server.</summary>
    public string? TrustDomain { get; init; }

    /// <summary>The partner's server, by its name and its entry in the settings.</summary>
    public string? Partner { get; init; }

    /// <summary>The listener or server of the settings.</summary>
    public string? Place { get; init; }

    public string? Workload { get; init; }

    public DateTimeOffset? ValidUntil { get; init; }

    public string? Code { get; init; }

    public string? Meaning { get; init; }

    public string? Detail { get; init; }

    public string? Expected { get; init; }

    public string? Presented { get; init; }

    /// <summary>The setting that decided.</summary>
    public string? Setting { get; init; }

    public string? Action { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    public required IReadOnlyList<VerifyReportStep> Steps { get; init; }

    public required IReadOnlyList<string> Path { get; init; }

    public required IReadOnlyList<CertificateFacts> Certificates { get; init; }

    public required IReadOnlyList<CertificateFacts> Anchors { get; init; }

    public static VerifyReport Of(Explanation explanation)
    {
        var peer = explanation.Verdict.Value;
        var rejection = explanation.Verdict.IsAccepted ? null : explanation.Verdict.Rejection;
        var input = explanation.Input;
        return new VerifyReport
        {
            Verdict = rejection is null ? "accepted" : "refused",
            Role = input.Judge.Role.ToString().ToLowerInvariant(),
            At = input.At,
            TrustDomain = input.Judge.Partner is null ? input.TrustDomain.ToString() : null,
            Partner = input.Judge.Partner,
            Place = input.Judge.Place,
            Workload = peer?.Workload?.ToString(),
            ValidUntil = peer?.ValidUntil,
            Code = rejection?.Code,
            Meaning = rejection is null ? null : RefusalTexts.MeaningOf(rejection.Code),
            Detail = rejection?.Detail,
            Expected = rejection?.Expected,
            Presented = rejection?.Presented,
            Setting = rejection is null ? null : input.Judge.SettingOf(rejection.Code, input.TrustDomain),
            Notes = explanation.Notes,
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
        VerifyStep.Denial => "deny-list",
        _ => step.ToString().ToLowerInvariant(),
    };

    private static string MarkOf(StepResult result) => result switch
    {
        StepResult.Ok => "ok",
        StepResult.No => "no",
        _ => "--",
    };
}
