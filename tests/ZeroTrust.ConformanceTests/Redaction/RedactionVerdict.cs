namespace ZeroTrust.ConformanceTests.Redaction;

/// <summary>What came of one line of a file.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Rule">The rule or the group it belongs to.</param>
/// <param name="IsPositive">Whether something has to go.</param>
/// <param name="IsRight">Whether all of that went, or nothing where nothing had to.</param>
internal sealed record RedactionVerdict(int Line, string Rule, bool IsPositive, bool IsRight)
{
    /// <summary>Why it was not run; null where it was.</summary>
    public string? Skipped { get; init; }

    /// <summary>Whether it counts in no figure, as no detector answers for its rule.</summary>
    public bool IsOutOfScope { get; init; }

    /// <summary>Whether another detector than the ones that answer for the rule found something.</summary>
    public bool HasOtherFinding { get; init; }

    /// <summary>What was asked and answered, to be read.</summary>
    public string Shown { get; init; } = "";

    public bool Counts => Skipped is null;
}
