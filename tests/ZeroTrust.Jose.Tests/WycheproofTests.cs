using System.Text;
using System.Text.Json;

namespace ZeroTrust.Jose.Tests;

public sealed class WycheproofTests(ITestOutputHelper output)
{
    // Valid cases that are refused on purpose: the algorithm the key states is not the one of the token (the vectors' own slip).
    private static readonly Dictionary<int, string> Explained = new()
    {
        [346] = "the key states PS256, the token is PS384",
        [350] = "the key states PS256, the token is PS384",
    };

    [Fact]
    public void Every_vector_is_judged_as_its_author_says()
    {
        var files = Directory.Exists(Folder()) ? Directory.GetFiles(Folder(), "wycheproof-*.json") : [];
        if (files.Length == 0)
        {
            Assert.Skip($"No JWS vectors in {Folder()}; set ZEROTRUST_CORPORA to the folder that holds jws/wycheproof-*.json (C2SP/wycheproof).");
        }

        foreach (var file in files)
        {
            var (agreed, unsupported, wrong) = Judge(file);
            output.WriteLine($"{Path.GetFileName(file)}: {agreed} agree, {unsupported} of an unsupported algorithm, {wrong.Count} disagree {string.Join("; ", wrong)}");
            Assert.Empty(wrong);
        }
    }

    private static (int Agreed, int Unsupported, List<string> Wrong) Judge(string file)
    {
        var (agreed, unsupported) = (0, 0);
        var wrong = new List<string>();
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        foreach (var group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            var jwk = group.TryGetProperty("public", out var published) ? published : group.GetProperty("private");
            var key = JwsKey.FromJwk(Encoding.UTF8.GetBytes(WithoutSecrets(jwk)));
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var id = test.GetProperty("tcId").GetInt32();
                var valid = test.GetProperty("result").GetString() == "valid";
                var accepted = key.IsAccepted && test.GetProperty("jws").GetString() is { } compact
                    && StrictJws.Parse(compact).TryGet(out var jws, out _) && jws.Verify(key.Value).IsAccepted;
                if (valid == accepted)
                {
                    agreed++;
                }
                else if (valid && key.Rejection?.Code is "jose.key_unsupported" or "jose.private_key_published")
                {
                    unsupported++;
                }
                else if (accepted || !Explained.ContainsKey(id))
                {
                    wrong.Add($"{id} {test.GetProperty("comment").GetString()}");
                }
            }
        }

        return (agreed, unsupported, wrong);
    }

    // Some groups give the public half inside the private key only; the secret members would rightly refuse it.
    private static string WithoutSecrets(JsonElement jwk) => "{" + string.Join(',', jwk.EnumerateObject()
        .Where(member => member.Name is not ("d" or "p" or "q" or "dp" or "dq" or "qi"))
        .Select(member => $"\"{member.Name}\":{member.Value.GetRawText()}")) + "}";

    private static string Folder()
    {
        var configured = Environment.GetEnvironmentVariable("ZEROTRUST_CORPORA");
        if (!string.IsNullOrEmpty(configured))
        {
            return Path.Combine(configured, "jws");
        }

        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ZeroTrust.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.Parent?.FullName ?? ".", "shared", "corpora", "jws");
    }
}
