using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ZeroTrust.Tool.Tests.Agreement;
using ZeroTrust.Tool.Tests.Support;

namespace ZeroTrust.Tool.Tests;

/// <summary>A partner's server is judged by its own files, however it is asked for.</summary>
public sealed class VerifyPartnerTests : IDisposable
{
    private const string Name = "api.partner.example";
    private const string Partner = $"the partner's server dns:{Name} (ZeroTrust:Mtls:Servers:partner)";

    private readonly CaseWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_workload_id_that_one_entry_names_is_judged_as_that_entry()
    {
        var theirs = Leaf(_world.PartnerIntermediate, days: 80, Name);
        var ours = Leaf(_world.Intermediate, days: 0, Name);

        foreach (var server in new[] { "partner", $"dns:{Name}" })
        {
            Assert.Contains($"accepted  {Partner}", (await AskAsync(theirs, server)).Succeeded().Output, StringComparison.Ordinal);
            var refused = await AskAsync(ours, server);
            Assert.Contains("refused  x509.untrusted_anchor", refused.Output, StringComparison.Ordinal);
            Assert.Contains("  setting       ZeroTrust:Mtls:Servers:partner:AnchorFile", refused.Output, StringComparison.Ordinal);
        }

        Assert.Contains($"judged by server partner, which names dns:{Name}:", (await AskAsync(theirs, $"dns:{Name}")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workload_id_that_no_entry_names_is_judged_by_its_trust_domain()
    {
        const string Other = "www.partner.example";

        var accepted = await AskAsync(Leaf(_world.Intermediate, days: 0, Other), $"dns:{Other}");
        Assert.Contains($"judged by server dns:{Other} as a workload of its trust domain:", accepted.Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("refused  x509.untrusted_anchor", (await AskAsync(Leaf(_world.PartnerIntermediate, days: 0, Other), $"dns:{Other}")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workload_id_that_several_entries_name_is_told_with_them()
    {
        var settings = _world.Change(root => root["Mtls"]!["Servers"]!["another"] = $"dns:{Name}");
        var leaf = Leaf(_world.PartnerIntermediate, days: 0, Name);

        (await AskAsync(leaf, $"dns:{Name}", settings)).Failed($"'dns:{Name}' is named by several entries of ZeroTrust:Mtls:Servers: another, partner; give the name of one");
        (await AskAsync(leaf, "partner", settings)).Succeeded();
        Assert.Contains("refused  x509.untrusted_anchor", (await AskAsync(leaf, "another", settings)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_entries_of_one_workload_with_files_of_their_own_are_told_too()
    {
        var settings = _world.Change(root => root["Mtls"]!["Servers"]!["other"] = new JsonObject
        {
            ["Workload"] = $"dns:{Name}",
            ["AnchorFile"] = _world.File("crl.pem"),
        });

        (await AskAsync(Leaf(_world.PartnerIntermediate, days: 80, Name), $"dns:{Name}", settings)).Failed("other, partner");
    }

    [Theory]
    [InlineData(Name)]
    [InlineData(Name, "www.partner.example")]
    [InlineData("*.partner.example")]
    public async Task A_partners_server_is_named_by_its_entry_and_never_as_a_workload(params string[] names)
    {
        var leaf = Leaf(_world.PartnerIntermediate, days: 80, names);

        var output = (await AskAsync(leaf, "partner")).Succeeded().Output;
        Assert.Contains($"\nAs {Partner} at ", output, StringComparison.Ordinal);
        Assert.Contains($"accepted  {Partner}", output, StringComparison.Ordinal);
        Assert.DoesNotContain("workload", output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("example.test", output, StringComparison.Ordinal);

        var report = (await AskAsync(leaf, "partner", more: "--json")).Json();
        Assert.Equal(Partner, report.GetProperty("partner").GetString());
        Assert.False(report.TryGetProperty("trustDomain", out _));
    }

    [Fact]
    public async Task A_server_of_a_trust_domain_is_named_as_a_workload()
    {
        var leaf = Leaf(_world.Intermediate, days: 0, "gateway.example.test");

        Assert.Contains("\naccepted  dns:gateway.example.test\n", (await AskAsync(leaf, "dns")).Succeeded().Output, StringComparison.Ordinal);
        var report = (await AskAsync(leaf, "dns", more: "--json")).Json();
        Assert.Equal("example.test", report.GetProperty("trustDomain").GetString());
        Assert.False(report.TryGetProperty("partner", out _));
    }

    private static string Leaf(CaseAuthority issuer, int days, params string[] names)
    {
        var draft = CaseWorld.LeafOf("spiffe://example.test/unused");
        draft.SetNames(false, [.. names.Select(name => (2, name))]);
        draft.NotAfter = draft.NotAfter.AddDays(days);
        return string.Concat(new[] { issuer.Sign(draft) }.Concat(issuer.Sent).Select(der => PemEncoding.WriteString("CERTIFICATE", der) + "\n"));
    }

    private Task<ToolRun> AskAsync(string pem, string server, string? settings = null, params string[] more) => ToolRun.OfAsync(
        TimeProvider.System, pem, TestContext.Current.CancellationToken, ["verify", "-", "--settings", settings ?? _world.Settings, "--server", server, .. more]);
}
