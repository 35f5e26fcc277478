using System.Text.Json;
using ZeroTrust.Tool.Tests.Agreement;
using ZeroTrust.Tool.Tests.Support;

namespace ZeroTrust.Tool.Tests;

/// <summary>Who reads JSON gets one object on each way out.</summary>
public sealed class VerifyUnreadableJsonTests : IDisposable
{
    private readonly CaseWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("missing.pem' cannot be read", "missing.pem", "--ca", "ca.pem")]
    [InlineData("'-': it is empty", "-", "--ca", "ca.pem")]
    [InlineData("--at: 'yesterday' is not a time", "-", "--ca", "ca.pem", "--at", "yesterday")]
    [InlineData("--ca or --settings", "-")]
    [InlineData("none.json' cannot be read", "-", "--settings", "none.json", "--listener", "mesh", "input")]
    public async Task What_cannot_be_read_is_one_object_beside_the_text(string told, params string[] args)
    {
        var (input, rest) = args is [.. var before, "input"] ? ("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", before) : (string.Empty, args);
        var run = await ToolRun.OfAsync(TimeProvider.System, input, TestContext.Current.CancellationToken, ["verify", .. rest, "--json"]);

        run.Failed(told);
        var report = JsonElement.Parse(run.Output);
        Assert.Equal("verdict, error", string.Join(", ", report.EnumerateObject().Select(member => member.Name)));
        Assert.Equal("unreadable", report.GetProperty("verdict").GetString());
        Assert.Equal(run.Error.Trim(), "error: " + report.GetProperty("error").GetString());
        (await ToolRun.OfAsync(TimeProvider.System, input, TestContext.Current.CancellationToken, ["verify", .. rest])).Failed(told);
    }

    [Fact]
    public async Task Without_json_nothing_but_text_is_written()
    {
        Assert.Empty((await ToolRun.OfAsync("verify", "missing.pem", "--ca", "ca.pem")).Output);
        Assert.Empty((await ToolRun.OfAsync("verify", "missing.pem", "--ca", "ca.pem", "--json", "false")).Output);
        Assert.DoesNotContain("unreadable", (await ToolRun.OfAsync("dev-certs", "orders", "--json")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_of_the_settings_are_never_in_the_object()
    {
        var settings = _world.Change(root => root["Mtls"]!["Credential"]!["KeyPasword"] = CaseWorld.Secret);

        var run = await ToolRun.OfAsync("verify", _world.File("own.pem"), "--settings", settings, "--listener", "mesh", "--json");

        run.Failed("ZeroTrust:Mtls:Credential:KeyPasword: is not a setting");
        Assert.Contains("KeyPasword", JsonElement.Parse(run.Output).GetProperty("error").GetString()!, StringComparison.Ordinal);
        Assert.DoesNotContain(CaseWorld.Secret, run.Output + run.Error, StringComparison.Ordinal);
    }
}
