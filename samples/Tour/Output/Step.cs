namespace ZeroTrust.Samples.Tour.Output;

/// <summary>One thing a scenario tried: what had to happen, with which refusal code, and what did.</summary>
internal sealed record Step(string What, string Expected, string? ExpectedCode, string Actual, string? Code)
{
    public bool Ok => string.Equals(Expected, Actual, StringComparison.Ordinal) && string.Equals(ExpectedCode, Code, StringComparison.Ordinal);

    public string ExpectedText => Text(Expected, ExpectedCode);

    public string ActualText => Text(Actual, Code);

    private static string Text(string what, string? code) => code is null ? what : $"{what} ({code})";
}
