using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ZeroTrust.Tests.Support;

namespace ZeroTrust.Redaction.Tests.Text;

/// <summary>Lines as services write them: their secrets go, and what is none stays. A third of them nobody looks at (see their README).</summary>
public sealed class LinesOfServicesTests
{
    private const int Parts = 3;

    private static readonly RedactionPolicy Policy = RedactionPolicy.Create(new RedactionOptions());

    [Theory]
    [InlineData("lines", 0.95)]
    [InlineData("harmless", 0.97)]
    [InlineData("statements", 0.97)]
    public void Lines_lose_their_secrets_and_nothing_else(string file, double least)
    {
        var (right, all) = (new int[2], new int[2]);
        foreach (var line in Read(file))
        {
            var part = SHA256.HashData(Encoding.UTF8.GetBytes(line.GetProperty("text").GetString()!))[0] % Parts == 0 ? 1 : 0;
            all[part]++;
            right[part] += IsRight(line) ? 1 : 0;
        }

        TestContext.Current.SendDiagnosticMessage("{0}: {1} of {2} looked at, {3} of {4} set aside", file, right[0], all[0], right[1], all[1]);
        Assert.True(right.Sum() >= least * all.Sum(), $"{file}: {right.Sum()} of {all.Sum()}");
    }

    private static bool IsRight(JsonElement line)
    {
        var text = line.GetProperty("text").GetString()!;
        var output = Optional(line, "key") is { } key
            ? Policy.RedactTag(new(key, text), Optional(line, "system"), out _).Value?.ToString() ?? ""
            : Policy.RedactText(text);
        return line.GetProperty("kind").GetString() switch
        {
            "secret" => !Strings(line, "spans").Any(span => output.Contains(span, StringComparison.Ordinal)),
            "keep" => Strings(line, "keep").All(kept => output.Contains(kept, StringComparison.Ordinal)),
            _ => output == text,
        };
    }

    private static IEnumerable<JsonElement> Read(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Documents.PathOf("tests", "vectors", "redaction", file + ".jsonl.gz")), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                yield return JsonSerializer.Deserialize<JsonElement>(line);
            }
        }
    }

    private static string? Optional(JsonElement line, string name) =>
        line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static IEnumerable<string> Strings(JsonElement line, string name) =>
        line.TryGetProperty(name, out var values) && values.ValueKind == JsonValueKind.Array
            ? values.EnumerateArray().Select(static value => value.GetString()!).Where(static value => value.Length > 0)
            : [];
}
