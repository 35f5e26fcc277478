using System.IO.Compression;
using System.Text.Json;

namespace ZeroTrust.ConformanceTests.Redaction;

/// <summary>Reads and judges whatever files of the redaction corpora there are, each by its form.</summary>
internal static class RedactionCorpus
{
    private const string LiveCorpus = "redaction-live";

    public static IEnumerable<RedactionResult> Judge(Corpora corpora)
    {
        var table = RedactionScope.ReadTable();
        string[] folders = [.. new[] { RedactionResult.Corpus, LiveCorpus }.Select(name => Path.Combine(corpora.Root, name)).Where(Directory.Exists)];
        (string Name, JsonElement[] Lines)[] files =
        [
            .. folders.SelectMany(static folder => Directory.EnumerateFiles(folder, "*.jsonl.gz").Order(StringComparer.Ordinal)).Select(path => (corpora.NameOf(path), Read(path))),
        ];
        var positives = files.SelectMany(static file => file.Lines).Where(DetectionJudge.IsPositive).Select(static line => line.GetProperty("input").GetString()!).ToHashSet(StringComparer.Ordinal);
        return files.Select(file => Judge(file.Name, file.Lines, table, positives));
    }

    private static RedactionResult Judge(string name, JsonElement[] lines, IReadOnlyList<RedactionScope> table, IReadOnlySet<string> positives)
    {
        var first = lines[0];
        var (kind, judge) =
            LiveJudge.IsOne(first) ? ("live", (Func<JsonElement, int, RedactionVerdict>)LiveJudge.Judge)
            : Has(first, "rule") && Has(first, "kind") ? ("detection", (line, number) => DetectionJudge.Judge(line, number, table, positives))
            : Has(first, "pattern") ? ("wildcard", WildcardJudge.Judge)
            : Has(first, "sql") || Has(first, "dbms") || lines.Any(static line => Has(line, "output") || Has(line, "tokens")) ? ("sql", SqlJudge.Judge)
            : Has(first, "config") && Has(first, "name") ? ("span", SpanJudge.Judge)
            : Has(first, "test") && Has(first, "expected") ? ("collector", CollectorJudge.Judge)
            : ("unknown", static (_, number) => new(number, "", IsPositive: true, IsRight: false) { Skipped = "Its form is not known." });
        return new(name, kind, [.. lines.Select((line, index) => judge(line, index + 1))]);
    }

    private static bool Has(JsonElement line, string property) => line.TryGetProperty(property, out _);

    private static JsonElement[] Read(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        List<JsonElement> lines = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                lines.Add(JsonSerializer.Deserialize<JsonElement>(line));
            }
        }

        return [.. lines];
    }
}
