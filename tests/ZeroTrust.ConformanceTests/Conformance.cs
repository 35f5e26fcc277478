namespace ZeroTrust.ConformanceTests;

/// <summary>The one run of a process, which the console shows and the tests assert.</summary>
internal static class Conformance
{
    private static readonly Lazy<FileResult[]> Results = new(RunAll);

    public static Corpora Corpora { get; } = Corpora.Find();

    /// <summary>What came of every file; empty where there are no corpora.</summary>
    public static IReadOnlyList<FileResult> Run => Results.Value;

    private static FileResult[] RunAll()
    {
        var deviations = Deviation.ReadTable();
        FileResult[] results = [.. Corpora.Read().Select(file => new FileResult(file, deviations))];
        if (results.Length > 0)
        {
            Report.Write(Path.Combine(Corpora.Repository, "artifacts", "conformance.json"), results);
        }

        return results;
    }
}
