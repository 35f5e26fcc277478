namespace ZeroTrust.Samples.Tour.Output;

/// <summary>One scenario's line in the table: it is right when every one of its steps is.</summary>
internal sealed record Row(int Number, string Title, IReadOnlyList<Step> Steps, string? Failure, long Milliseconds)
{
    public bool Ok => Failure is null && Steps.Count > 0 && Steps.All(static step => step.Ok);

    public string Scenario => $"{Number} {Title}";

    public string Expected => Join(static step => step.ExpectedText);

    public string Actual => Failure is null ? Join(static step => step.ActualText) : Join(static step => step.ActualText) + " then " + Failure;

    public string? Code
    {
        get
        {
            var codes = Steps.Select(static step => step.Code).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
            return codes.Length == 0 ? null : string.Join(", ", codes);
        }
    }

    private string Join(Func<Step, string> part) => string.Join(" | ", Steps.Select(part));
}
