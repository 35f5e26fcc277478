using System.Text;
using System.Text.Json;

namespace ZeroTrust.Jose.Tests;

public sealed class WycheproofTests(ITestOutputHelper output)
{
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
                var refusal = Verify(key, test.GetProperty("jws").GetString()!);
                if (valid == refusal is null)
                {
                    agreed++;
                }
                else if (valid && (!key.IsAccepted || refusal?.Code is "jose.algorithm_refused"))
                {
                    unsupported++;
                }
                else
                {
                    wrong.Add($"{id} {test.GetProperty("comment").GetString()}: {refusal?.Code ?? "accepted"}");
                }
            }
        }

        return (agreed, unsupported, wrong);
    }

    private static Rejection? Verify(Verdict<JwsKey> key, string compact) =>
        !StrictJws.Parse(compact).TryGet(out var jws, out var rejection) ? rejection
        : !key.IsAccepted ? key.Rejection
        : jws.Verify(key.Value).Rejection;

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
