using System.Diagnostics;

namespace ZeroTrust.PackageTests;

/// <summary>The packed tool, installed into an empty folder with nothing but the packages as a source.</summary>
public sealed class ToolTests : IDisposable
{
    private const string Package = "ZeroTrust.Tool";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("zerotrust-tool-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Installed_tool_makes_certificates_and_verifies_them()
    {
        var package = PackageFolder.OfThisCommit().Single(file => Path.GetFileName(file).StartsWith(Package + ".", StringComparison.Ordinal));
        var version = PackageFolder.Version(package);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "nuget.config"),
            $"""<configuration><packageSources><clear /><add key="folder" value="{PackageFolder.Path}" /></packageSources></configuration>""",
            TestContext.Current.CancellationToken);
        await RunAsync("dotnet", "tool", "install", Package, "--version", version, "--tool-path", ".", "--configfile", "nuget.config");
        var zerotrust = Path.Combine(_folder, OperatingSystem.IsWindows() ? "zerotrust.exe" : "zerotrust");

        Assert.StartsWith(version, await RunAsync(zerotrust, "--version"), StringComparison.Ordinal);
        await RunAsync(zerotrust, "dev-certs", "orders");
        Assert.Contains("accepted  spiffe://dev.local/orders", await RunAsync(zerotrust, "verify", "certs/orders.pem", "--ca", "certs/ca.pem"), StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(string file, params string[] args)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        using var process = Process.Start(new ProcessStartInfo(file, args)
        {
            WorkingDirectory = _folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);

        Assert.True(process.ExitCode == 0, output + await error);
        return output;
    }
}
