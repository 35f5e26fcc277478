using System.Diagnostics;

namespace ZeroTrust.IntegrationTests.Interop;

/// <summary>A language that <c>samples/Interop</c> has workloads in, and whether this machine can run them.</summary>
internal sealed class Language
{
    public static readonly Language Python = new(
        "python", "/usr/bin/python3", "py", ["-c", "import cryptography"], "Debian's python3-cryptography");
    public static readonly Language Node = new(
        "node", "node", "js", ["-e", "process.exit(Number(process.versions.node.split('.')[0]) < 18 ? 1 : 0)"], "Node 18.3");

    private readonly string _folder;
    private readonly string _program;
    private readonly string _extension;
    private readonly string _needed;
    private readonly Lazy<bool> _runs;

    private Language(string folder, string program, string extension, string[] probe, string needed)
    {
        _folder = folder;
        _program = program;
        _extension = extension;
        _needed = needed;
        _runs = new Lazy<bool>(() => Runs(probe));
    }

    public static Language Of(string name) => name == "python" ? Python : Node;

    /// <summary>Skips the test, with the reason, where the language is missing.</summary>
    public void Require() => Assert.SkipUnless(_runs.Value, $"{_program} does not run here; {_needed} is needed.");

    /// <summary>How one of its scripts is started.</summary>
    public ProcessStartInfo Start(string script, params IEnumerable<string> arguments)
    {
        var folder = Path.Combine(SamplesFolder(), _folder);
        return new ProcessStartInfo(_program, [Path.Combine(folder, $"{script}.{_extension}"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PYTHONDONTWRITEBYTECODE"] = "1" },
        };
    }

    /// <summary>Runs one of its scripts to the end.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(string script, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(Start(script, arguments))!;
        try
        {
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, output + await error);
        }
        finally
        {
            process.Kill();
        }
    }

    private static string SamplesFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ZeroTrust.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return Path.Combine(folder.FullName, "samples", "Interop");
    }

    private bool Runs(string[] probe)
    {
        try
        {
            var start = new ProcessStartInfo(_program, probe) { UseShellExecute = false, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
