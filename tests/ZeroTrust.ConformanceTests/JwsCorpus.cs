using System.Text;
using System.Text.Json;

namespace ZeroTrust.ConformanceTests;

/// <summary>Reads the JSON Web Signature vectors of Wycheproof.</summary>
internal static class JwsCorpus
{
    public const string Name = "jws";

    private static readonly string[] Secrets = ["d", "p", "q", "dp", "dq", "qi"];

    public static IEnumerable<JwsResult> Judge(Corpora corpora, IReadOnlyDictionary<string, Deviation> deviations)
    {
        var folder = Path.Combine(corpora.Root, Name);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "wycheproof-*.json").Order(StringComparer.Ordinal)
                .Select(path => new JwsResult(corpora.NameOf(path), Read(path), deviations))
            : [];
    }

    private static JwsCase[] Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. document.RootElement.GetProperty("testGroups").EnumerateArray().SelectMany(Read)];
    }

    private static JwsCase[] Read(JsonElement group)
    {
        var jwk = Encoding.UTF8.GetBytes(WithoutSecrets(group.TryGetProperty("public", out var published) ? published : group.GetProperty("private")));
        return [.. group.GetProperty("tests").EnumerateArray().Select(test => new JwsCase(
            $"jws {test.GetProperty("tcId").GetInt32()} {test.GetProperty("comment").GetString()}",
            test.GetProperty("result").GetString() == "valid",
            jwk,
            test.GetProperty("jws").GetString()!))];
    }

    // Some groups give the public half inside the private key only; the secret members would rightly refuse it.
    private static string WithoutSecrets(JsonElement jwk) => "{" + string.Join(',', jwk.EnumerateObject()
        .Where(member => !Secrets.Contains(member.Name, StringComparer.Ordinal))
        .Select(member => $"\"{member.Name}\":{member.Value.GetRawText()}")) + "}";
}
