using System.Globalization;

namespace ZeroTrust.ConformanceTests.Redaction;

/// <summary>What came of one file.</summary>
internal sealed class RedactionResult(string name, string kind, IReadOnlyList<RedactionVerdict> verdicts)
{
    public const string Corpus = "redaction";
    private const int FewestCases = 20;

    public string Name => name;

    public string Kind => kind;

    public IReadOnlyList<RedactionVerdict> Verdicts => verdicts;

    public IEnumerable<RedactionVerdict> Missed => verdicts.Where(static verdict => verdict is { Counts: true, IsPositive: true, IsRight: false });

    public IEnumerable<RedactionVerdict> FalsePositives => verdicts.Where(static verdict => verdict is { Counts: true, IsPositive: false, IsRight: false });

    public IEnumerable<RedactionVerdict> Skipped => verdicts.Where(static verdict => !verdict.Counts);

    /// <summary>In scope, but without something to judge by; positives among them are counted as missed in <see cref="RecallOfAll"/>.</summary>
    public IEnumerable<RedactionVerdict> NotJudged => Skipped.Where(static verdict => !verdict.IsOutOfScope);

    public double Recall => Share(verdicts.Where(static verdict => verdict is { Counts: true, IsPositive: true }));

    public double RecallOfAll => Share(verdicts.Where(static verdict => verdict is { IsOutOfScope: false, IsPositive: true }));

    public double FalsePositiveRate => 1 - Share(verdicts.Where(static verdict => verdict is { Counts: true, IsPositive: false }));

    public IEnumerable<(string Rule, double Recall, double FalsePositiveRate, int Cases)> Rules => verdicts
        .Where(static verdict => verdict.Counts)
        .GroupBy(static verdict => verdict.Rule, StringComparer.Ordinal)
        .Select(static rule => (rule.Key, Share(rule.Where(static verdict => verdict.IsPositive)), 1 - Share(rule.Where(static verdict => !verdict.IsPositive)), rule.Count()));

    public IEnumerable<(string Rule, double Recall, double FalsePositiveRate, int Cases)> LargeRules => Rules.Where(static rule => rule.Cases >= FewestCases);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}: {Kind}, {verdicts.Count} cases, recall {Recall:P1} ({RecallOfAll:P1} with fragments), false positives {FalsePositiveRate:P1}, {Missed.Count()} missed, {FalsePositives.Count()} false, {Skipped.Count()} skipped{string.Concat(LargeRules.Select(static rule => string.Create(CultureInfo.InvariantCulture, $"; {rule.Rule} {rule.Recall:P1}/{rule.FalsePositiveRate:P1}")))}");

    private static double Share(IEnumerable<RedactionVerdict> verdicts)
    {
        RedactionVerdict[] all = [.. verdicts];
        return all.Length == 0 ? 1 : (double)all.Count(static verdict => verdict is { Counts: true, IsRight: true }) / all.Length;
    }
}
