using System.Text.Encodings.Web;
using System.Text.Json;
using ZeroTrust.ConformanceTests.Redaction;

namespace ZeroTrust.ConformanceTests;

/// <summary>The report of a run, for machines.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(string path, IReadOnlyList<FileResult> results, IReadOnlyList<JwsResult> signatures, IReadOnlyList<RedactionResult> redaction, IReadOnlyList<LiveResult> live)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(results.Select(Describe).Concat(signatures.Select(Describe)).Concat(redaction.Select(Describe)).Concat(live.Select(Describe)), Format) + "\n");
    }

    private static object Describe(FileResult result) => new
    {
        result.File.Corpus,
        File = result.File.Name,
        Cases = result.File.Cases.Count,
        Agree = result.Agreeing.Count(),
        FalseAccept = Ids(result.FalseAccepts),
        FalseReject = Ids(result.FalseRejects),
        Skipped = result.Skipped.Select(test => new { test.Id, Why = test.Unrunnable }),
        Explained = result.Explained.Select(judged => new { judged.Test.Id, Why = result.ReasonFor(judged) }),
        Veto = new
        {
            Changed = Ids(result.ChangedByVeto),
            Cost = new { WithoutMilliseconds = (long)result.Cost.TotalMilliseconds, WithMilliseconds = (long)result.VetoCost.TotalMilliseconds },
        },
    };

    private static object Describe(JwsResult result) => new
    {
        Corpus = JwsCorpus.Name,
        File = result.Name,
        Cases = result.Count,
        Agree = result.Agreeing.Count(),
        FalseAccept = result.FalseAccepts.Select(judged => judged.Test.Id),
        FalseReject = result.FalseRejects.Select(judged => judged.Test.Id),
        Skipped = Array.Empty<object>(),
        Explained = result.Explained.Select(judged => new { judged.Test.Id, Why = result.ReasonFor(judged) }),
    };

    private static object Describe(RedactionResult result) => new
    {
        Corpus = RedactionResult.Corpus,
        File = result.Name,
        result.Kind,
        Cases = result.Verdicts.Count,
        result.Recall,
        result.RecallOfAll,
        result.FalsePositiveRate,
        Missed = Lines(result.Missed),
        FalsePositives = Lines(result.FalsePositives),
        OtherFindings = Lines(result.Verdicts.Where(static verdict => verdict.HasOtherFinding)),
        Skipped = result.Skipped.Select(static verdict => new { Id = verdict.Line, Why = verdict.Skipped }),
        Rules = result.Rules.Select(static rule => new { rule.Rule, rule.Recall, rule.FalsePositiveRate, rule.Cases }),
    };

    private static object Describe(LiveResult result) => new
    {
        Corpus = LiveResult.Corpus,
        File = result.Name,
        Cases = result.Candidates.Count,
        Agree = result.Agreeing.Count(),
        FalseAccept = result.FalseAccepts.Select(live => live.Id),
        FalseReject = result.FalseRejects.Select(live => live.Id),
        Skipped = result.Skipped.Select(test => new { test.Id, Why = test.Unrunnable }),
        Explained = Array.Empty<object>(),
        RefusedByTls = result.RefusedByTls.Select(live => new { live.Id, Why = live.RefusedByTls }),
        Faults = result.Faults.Select(live => new { live.Id, Why = string.Join("; ", live.Faults) }),
    };

    private static IEnumerable<int> Lines(IEnumerable<RedactionVerdict> verdicts) => verdicts.Select(static verdict => verdict.Line);

    private static IEnumerable<string> Ids(IEnumerable<JudgedCase> cases) => cases.Select(judged => judged.Test.Id);
}
