using ZeroTrust.HealthChecks.Exposure;

namespace ZeroTrust.HealthChecks.Tests.Exposure;

public sealed class RuntimeExposureTests : IDisposable
{
    private const int ProcessId = 4711;

    private static readonly Dictionary<string, string> Nothing = new(StringComparer.Ordinal);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zt-exposure-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_closed_process_has_nothing_to_tell() => Assert.Empty(Find(Nothing));

    [Theory]
    [InlineData("dotnet-diagnostic-4711-77-socket", "health.diagnostic_port")]
    [InlineData("clr-debug-pipe-4711-77-in", "health.debugger_pipe")]
    public void What_the_runtime_opened_is_found(string file, string finding)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, file), string.Empty);

        Assert.Equal([finding], Find(Nothing));
    }

    [Theory]
    [InlineData("dotnet-diagnostic-4712-77-socket")]
    [InlineData("clr-debug-pipe-47110-77-in")]
    public void What_another_process_opened_is_not(string file)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, file), string.Empty);

        Assert.Empty(Find(Nothing));
    }

    [Theory]
    [InlineData("DOTNET_DiagnosticPorts", "/diag/monitor.sock,connect", "health.diagnostic_port")]
    [InlineData("COMPlus_DiagnosticPorts", "/diag/monitor.sock", "health.diagnostic_port")]
    [InlineData("CORECLR_ENABLE_PROFILING", "1", "health.profiler")]
    [InlineData("CORECLR_ENABLE_PROFILING", "0x1", "health.profiler")]
    [InlineData("CORECLR_ENABLE_NOTIFICATION_PROFILERS", "1", "health.profiler")]
    [InlineData("DOTNET_STARTUP_HOOKS", "/hook.dll", "health.startup_hook")]
    [InlineData("DOTNET_ADDITIONAL_DEPS", "/deps.json", "health.startup_hook")]
    public void What_a_variable_asks_for_is_found(string variable, string value, string finding) =>
        Assert.Equal([finding], Find(new(StringComparer.Ordinal) { [variable] = value }));

    [Theory]
    [InlineData("CORECLR_ENABLE_PROFILING", "0")]
    [InlineData("CORECLR_PROFILER", "{846F5F1C-F9AE-4B07-969E-05C26BC060D8}")]
    [InlineData("DOTNET_STARTUP_HOOKS", "")]
    [InlineData("DOTNET_gcServer", "1")]
    public void A_variable_that_opens_nothing_is_not(string variable, string value) => Assert.Empty(Find(new(StringComparer.Ordinal) { [variable] = value }));

    [Fact]
    public void Where_there_is_no_folder_for_them_nothing_is_open()
    {
        Assert.Empty(new RuntimeExposure(Nothing.GetValueOrDefault, Path.Combine(_folder.FullName, "none"), ProcessId).Find());
        File.WriteAllText(Path.Combine(_folder.FullName, "file"), string.Empty);
        Assert.Empty(new RuntimeExposure(Nothing.GetValueOrDefault, Path.Combine(_folder.FullName, "file"), ProcessId).Find());
        Assert.Equal(
            ["health.profiler"],
            [
                .. new RuntimeExposure(static name => name == "CORECLR_ENABLE_PROFILING" ? "1" : null, Path.Combine(_folder.FullName, "none", "below"), ProcessId)
                    .Find().Select(finding => finding.Name),
            ]);
    }

    [Theory]
    [InlineData("", "health.diagnostic_port,health.debugger_pipe")]
    [InlineData("DOTNET_EnableDiagnostics", "")]
    [InlineData("DOTNET_EnableDiagnostics_IPC", "health.debugger_pipe")]
    public void Where_the_folder_cannot_be_listed_the_settings_say_what_is_open(string closed, string findings)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "No folder lists them there.");
        var folder = Path.Combine(_folder.FullName, "loop");
        File.CreateSymbolicLink(folder, folder);
        Assert.Throws<IOException>(() => Directory.EnumerateFiles(folder).Any());

        Assert.Equal(findings, string.Join(',', new RuntimeExposure(name => name == closed ? "0" : null, folder, ProcessId).Find().Select(finding => finding.Name)));
    }

    [Fact]
    public void This_process_is_as_open_as_its_files_say()
    {
        var open = new RuntimeExposure(Environment.GetEnvironmentVariable, Path.GetTempPath(), Environment.ProcessId).Find().Select(finding => finding.Name);

        Assert.Equal(
            Directory.EnumerateFiles(Path.GetTempPath(), $"dotnet-diagnostic-{Environment.ProcessId}-*").Any(),
            open.Contains("health.diagnostic_port", StringComparer.Ordinal));
    }

    private List<string> Find(Dictionary<string, string> variables) =>
        [.. new RuntimeExposure(variables.GetValueOrDefault, _folder.FullName, ProcessId).Find().Select(finding => finding.Name)];
}
