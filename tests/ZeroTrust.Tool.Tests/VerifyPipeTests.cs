using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.Tool.Tests.Agreement;
using ZeroTrust.Tool.Tests.Support;

namespace ZeroTrust.Tool.Tests;

/// <summary>Pipes as files: a shell's process substitution is one with a writer; one without is not waited for.</summary>
public sealed class VerifyPipeTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly TempFolder _folder = new();
    private readonly CaseWorld _world = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    public void Dispose()
    {
        _world.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("peer")]
    [InlineData("ca")]
    [InlineData("crl")]
    [InlineData("settings")]
    public async Task A_pipe_that_nobody_writes_to_ends(string place)
    {
        var pipe = await MakePipeAsync();
        var own = _world.File("own.pem");
        string[] args = place switch
        {
            "peer" => [pipe, "--ca", _world.File("anchors.pem")],
            "ca" => [own, "--ca", pipe],
            "crl" => [own, "--ca", _world.File("anchors.pem"), "--crl", pipe],
            _ => [own, "--settings", pipe, "--listener", "mesh"],
        };

        var run = Task.Run(() => ToolRun.OfAsync(_time, ["verify", .. args]));
        using var deadline = new CancellationTokenSource(Deadline);
        while (!run.IsCompleted)
        {
            deadline.Token.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromSeconds(61));
            await Task.Yield();
        }

        (await run).Failed($"'{pipe}' cannot be read: it did not end within 60 seconds");
        await WriteAsync(pipe, string.Empty);
    }

    [Fact]
    public async Task A_pipe_with_a_writer_is_read()
    {
        var pipe = await MakePipeAsync();

        var run = Task.Run(() => ToolRun.OfAsync(_time, "verify", pipe, "--ca", _world.File("anchors.pem")));
        await WriteAsync(pipe, await File.ReadAllTextAsync(_world.File("own.pem"), TestContext.Current.CancellationToken));

        (await run.WaitAsync(Deadline, TestContext.Current.CancellationToken)).Succeeded();
    }

    [Theory]
    [InlineData("TOOL verify <(cat OWN) --ca ANCHORS", 0, "accepted")]
    [InlineData("TOOL verify OWN --ca <(cat ANCHORS)", 0, "accepted")]
    [InlineData("TOOL verify OWN --settings <(cat SETTINGS) --listener mesh --folder /", 1, "mtls.peer_not_listed")]
    [InlineData("cat OWN | TOOL verify /dev/stdin --ca ANCHORS", 0, "accepted")]
    [InlineData("TOOL verify - --ca ANCHORS < OWN", 0, "accepted")]
    [InlineData("TOOL verify <(true) --ca ANCHORS", 2, "it is empty: the command before the pipe sent nothing")]
    public async Task What_a_shell_substitutes_is_read(string command, int code, string told)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The shell is bash.");
        var line = command.Replace("TOOL", $"dotnet '{typeof(ToolCommands).Assembly.Location}'", StringComparison.Ordinal)
            .Replace("OWN", _world.File("own.pem"), StringComparison.Ordinal)
            .Replace("ANCHORS", _world.File("anchors.pem"), StringComparison.Ordinal)
            .Replace("SETTINGS", _world.Settings, StringComparison.Ordinal);
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", line + " 2>&1"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == code, output);
        Assert.Contains(told, output, StringComparison.Ordinal);
    }

    // The reader that waits is what lets it be opened.
    private static Task WriteAsync(string pipe, string text) => Task.Run(() => File.WriteAllText(pipe, text)).WaitAsync(Deadline);

    private async Task<string> MakePipeAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Named pipes of Unix.");
        await Process.Start("mkfifo", [_folder.File("pipe")]).WaitForExitAsync(TestContext.Current.CancellationToken);
        return _folder.File("pipe");
    }
}
