using System.Globalization;

namespace ZeroTrust.ConformanceTests;

/// <summary>What came of one file.</summary>
internal sealed class FileResult
{
    public FileResult(CorpusFile file, IReadOnlyDictionary<string, Deviation> deviations)
    {
        File = file;
        Deviations = deviations;
        Runnable = [.. file.Cases.Where(test => test.Unrunnable is null)];
        Skipped = [.. file.Cases.Where(test => test.Unrunnable is not null)];
        var start = TimeProvider.System.GetTimestamp();
        var outcomes = CaseRunner.RunAll(Runnable, veto: false);
        Cost = TimeProvider.System.GetElapsedTime(start);
        start = TimeProvider.System.GetTimestamp();
        var vetoed = CaseRunner.RunAll(Runnable, veto: true);
        VetoCost = TimeProvider.System.GetElapsedTime(start);
        Judged = [.. Runnable.Zip(outcomes, vetoed).Select(each => new JudgedCase(each.First, each.Second, each.Third))];
    }

    public CorpusFile File { get; }

    public IReadOnlyList<ConformanceCase> Skipped { get; }

    public IReadOnlyList<JudgedCase> Judged { get; }

    /// <summary>How long all cases took.</summary>
    public TimeSpan Cost { get; }

    /// <summary>How long all cases took with the platform asked, too.</summary>
    public TimeSpan VetoCost { get; }

    public IEnumerable<JudgedCase> Agreeing => Judged.Where(judged => !judged.Deviates);

    public IEnumerable<JudgedCase> FalseAccepts => Judged.Where(judged => judged.Deviates && judged.Outcome.Accepted);

    public IEnumerable<JudgedCase> FalseRejects => Judged.Where(judged => judged.Deviates && !judged.Outcome.Accepted);

    public IEnumerable<JudgedCase> Explained => Judged.Where(judged => judged.Deviates && Explains(judged));

    public IEnumerable<JudgedCase> Unexplained => Judged.Where(judged => judged.Deviates && !Explains(judged));

    /// <summary>Cases that no rule decided but a defect of ours.</summary>
    public IEnumerable<JudgedCase> Defects => Judged.Where(judged => judged.Outcome.IsDefect || judged.WithVeto.IsDefect);

    /// <summary>Deviations of the table that do not occur any more.</summary>
    public IEnumerable<JudgedCase> Stale => Judged.Where(judged => !judged.Deviates && Deviations.ContainsKey(judged.Test.Id));

    public IEnumerable<JudgedCase> ChangedByVeto => Judged.Where(judged => judged.Outcome.Accepted != judged.WithVeto.Accepted);

    private IReadOnlyDictionary<string, Deviation> Deviations { get; }

    private ConformanceCase[] Runnable { get; }

    public string ReasonFor(JudgedCase judged) => $"{Deviations[judged.Test.Id].Reason} ({Deviations[judged.Test.Id].Section})";

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{File.Name}: {File.Cases.Count} cases, {Agreeing.Count()} agree, {FalseAccepts.Count()} false accept, {FalseRejects.Count()} false reject, {Skipped.Count} skipped ({Explained.Count()} explained)");

    private bool Explains(JudgedCase judged) =>
        Deviations.TryGetValue(judged.Test.Id, out var deviation)
        && deviation.Expected == Spell(judged.Test.Accepted)
        && deviation.Ours == Spell(judged.Outcome.Accepted);

    private static string Spell(bool accepted) => accepted ? "SUCCESS" : "FAILURE";
}
