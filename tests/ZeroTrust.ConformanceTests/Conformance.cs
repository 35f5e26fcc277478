using ZeroTrust.ConformanceTests.Redaction;

namespace ZeroTrust.ConformanceTests;

/// <summary>The one run of a process, which the console shows and the tests assert.</summary>
internal static class Conformance
{
    private static readonly Lazy<FileResult[]> Results = new(RunAll);
    private static readonly Lazy<JwsResult[]> JwsResults = new(JudgeSignatures);
    private static readonly Lazy<RedactionResult[]> RedactionResults = new(JudgeRedaction);
    private static readonly Lock Gate = new();
    private static Task<IReadOnlyList<LiveResult>>? _live;

    public static Corpora Corpora { get; } = Corpora.Find();

    /// <summary>What came of every file; empty where there are no corpora.</summary>
    public static IReadOnlyList<FileResult> Run => Results.Value;

    /// <summary>What came of every file of signatures; empty where there are no corpora.</summary>
    public static IReadOnlyList<JwsResult> Signatures => JwsResults.Value;

    /// <summary>What came of every file of secrets, statements and patterns; empty where there are no corpora.</summary>
    public static IReadOnlyList<RedactionResult> Redaction => RedactionResults.Value;

    private static string ReportPath => Path.Combine(Corpora.Repository, "artifacts", "conformance.json");

    /// <summary>What came of the cases with a key as live handshakes; empty where there are none or no openssl.</summary>
    public static Task<IReadOnlyList<LiveResult>> RunLiveAsync()
    {
        lock (Gate)
        {
            return _live ??= Task.Run(RunAllLiveAsync);
        }
    }

    private static JwsResult[] JudgeSignatures() => [.. JwsCorpus.Judge(Corpora, Deviation.ReadTable())];

    private static RedactionResult[] JudgeRedaction() => [.. RedactionCorpus.Judge(Corpora)];

    private static FileResult[] RunAll()
    {
        var deviations = Deviation.ReadTable();
        FileResult[] results = [.. Corpora.Read().Select(file => new FileResult(file, deviations))];
        if (results.Length > 0)
        {
            Report.Write(ReportPath, results, Signatures, Redaction, []);
        }

        return results;
    }

    private static async Task<IReadOnlyList<LiveResult>> RunAllLiveAsync()
    {
        var live = OpenSsl.Version is null ? [] : await LiveRunner.RunAllAsync(Run);
        if (live.Count > 0)
        {
            Report.Write(ReportPath, Run, Signatures, Redaction, live);
        }

        return live;
    }
}
