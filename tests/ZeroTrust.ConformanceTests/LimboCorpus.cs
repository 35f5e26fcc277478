using System.IO.Compression;
using System.Text.Json;

namespace ZeroTrust.ConformanceTests;

/// <summary>Reads files of the x509-limbo format, and lists of ids for which either answer is acceptable.</summary>
internal static class LimboCorpus
{
    private const string Folder = "limbo";

    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static IEnumerable<CorpusFile> Read(Corpora corpora)
    {
        var folder = Path.Combine(corpora.Root, Folder);
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var documents = Directory.EnumerateFiles(folder)
            .Where(path => path.EndsWith(".json", StringComparison.Ordinal) || path.EndsWith(".json.gz", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => (Name: corpora.NameOf(path), Root: Parse(path)))
            .ToArray();
        var either = documents.Where(document => document.Root.ValueKind == JsonValueKind.Array)
            .SelectMany(document => document.Root.EnumerateArray().Where(id => id.ValueKind == JsonValueKind.String).Select(id => id.GetString()!))
            .ToHashSet(StringComparer.Ordinal);
        return documents
            .Where(document => document.Root.ValueKind == JsonValueKind.Object && document.Root.TryGetProperty("testcases", out _))
            .Select(document => new CorpusFile(Folder, document.Name, [.. document.Root.GetProperty("testcases").EnumerateArray().Select(test => Map(test, either))]));
    }

    private static JsonElement Parse(string path)
    {
        using var file = File.OpenRead(path);
        if (!path.EndsWith(".gz", StringComparison.Ordinal))
        {
            return JsonDocument.Parse(file).RootElement;
        }

        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        return JsonDocument.Parse(unpacked).RootElement;
    }

    private static ConformanceCase Map(JsonElement element, HashSet<string> either)
    {
        try
        {
            return LimboMapping.Map(element.Deserialize<LimboCase>(Format)!, either);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or ArgumentException)
        {
            var id = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("id", out var stated) ? stated.ToString() : "without id";
            return ConformanceCase.Skip(id, $"not of the format: {exception.Message}");
        }
    }
}
