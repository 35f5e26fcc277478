using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using ZeroTrust.Tool.Tests.Agreement;

namespace ZeroTrust.Tool.Tests;

/// <summary>The tool as its users run it: with a folder and an environment of its own.</summary>
public sealed class ToolProcessTests : IDisposable
{
    private readonly CaseWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Relative_paths_of_settings_begin_in_the_folder_of_the_settings()
    {
        var settings = _world.Write("relative.json", await File.ReadAllBytesAsync(_world.Settings, TestContext.Current.CancellationToken));
        var text = await File.ReadAllTextAsync(settings, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(settings, text.Replace(_world.Folder + "/", string.Empty, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var peer = _world.Write("peer.pem", System.Text.Encoding.ASCII.GetBytes(Peer()));

        var (code, output) = await RunAsync("/", [], "verify", peer, "--settings", settings, "--listener", "mesh", "--json");
        Assert.True(code == 0, output);
        Assert.Equal("accepted", JsonElement.Parse(output).GetProperty("verdict").GetString());

        var (elsewhere, told) = await RunAsync("/", [], "verify", peer, "--settings", settings, "--listener", "mesh", "--folder", "/tmp");
        Assert.Equal(2, elsewhere);
        Assert.Contains("ZeroTrust:Mtls:Credential:CertificateFile: file not found", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variables_override_the_files_where_they_are_asked_for()
    {
        var peer = _world.Write("peer.pem", System.Text.Encoding.ASCII.GetBytes(Peer()));
        Dictionary<string, string> variables = new(StringComparer.Ordinal) { ["ZeroTrust__Listeners__mesh__Peers__0"] = "spiffe://example.test/other" };

        var (asked, output) = await RunAsync("/", variables, "verify", peer, "--settings", _world.Settings, "--environment-variables", "--listener", "mesh");
        Assert.True(asked == 1, output);
        Assert.Contains("refused  mtls.peer_not_listed", output, StringComparison.Ordinal);

        var (other, accepted) = await RunAsync("/", variables, "verify", peer, "--settings", _world.Settings, "--listener", "mesh");
        Assert.True(other == 0, accepted);
    }

    private static async Task<(int Code, string Output)> RunAsync(string folder, Dictionary<string, string> variables, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ToolCommands).Assembly.Location, .. args])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(1));
        var error = process.StandardError.ReadToEndAsync(deadline.Token);
        var output = await process.StandardOutput.ReadToEndAsync(deadline.Token) + await error;
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, output);
    }

    private string Peer() => PemEncoding.WriteString("CERTIFICATE", _world.Intermediate.Sign(CaseWorld.LeafOf("spiffe://example.test/gateway"))) + "\n" + _world.Intermediate.Pem;
}
