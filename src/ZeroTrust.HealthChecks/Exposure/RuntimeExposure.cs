using System.Globalization;

namespace ZeroTrust.HealthChecks.Exposure;

/// <summary>What the runtime has opened, or loaded, because nobody told it not to or somebody told it to.</summary>
/// <param name="variable">Reads an environment variable.</param>
/// <param name="temporaryFolder">Where the runtime puts its sockets and pipes.</param>
/// <param name="processId">This process.</param>
internal sealed class RuntimeExposure(Func<string, string?> variable, string temporaryFolder, int processId)
{
    private const string CloseAll = "set DOTNET_EnableDiagnostics=0 before the process starts";

    public IEnumerable<Finding> Find()
    {
        if (IsOpen("dotnet-diagnostic-{0}-*-socket", "IPC"))
        {
            yield return Found(DiagnosticsExposure.DiagnosticPort, "the runtime's diagnostic port is open", CloseAll);
        }
        else if (IsSet("DiagnosticPorts", out var ports))
        {
            yield return Found(DiagnosticsExposure.DiagnosticPort, $"{ports} names further diagnostic ports", $"unset {ports}");
        }

        if (IsOpen("clr-debug-pipe-{0}-*", "Debugger"))
        {
            yield return Found(DiagnosticsExposure.DebuggerPipe, "the runtime's debugger pipes are open", CloseAll);
        }

        foreach (var name in new[] { "CORECLR_ENABLE_PROFILING", "CORECLR_ENABLE_NOTIFICATION_PROFILERS" })
        {
            if (!IsZero(variable(name) ?? "0"))
            {
                yield return Found(DiagnosticsExposure.Profiler, $"{name} loads a profiler", $"unset {name}");
            }
        }

        foreach (var setting in new[] { "STARTUP_HOOKS", "ADDITIONAL_DEPS" })
        {
            if (IsSet(setting, out var name))
            {
                yield return Found(DiagnosticsExposure.StartupHook, $"{name} loads code into the process", $"unset {name}");
            }
        }
    }

    private static Finding Found(DiagnosticsExposure exposure, string description, string remedy) => new(ExposureNames.Of(exposure), description, remedy);

    private static bool IsZero(string value) => value.Length == 0 || value.All(digit => digit == '0');

    private bool IsOpen(string pattern, string kind)
    {
        try
        {
            // On Windows these are pipes that no folder lists; there the settings have to do.
            return OperatingSystem.IsWindows()
                ? IsAllowed(kind)
                : Directory.EnumerateFiles(temporaryFolder, string.Format(CultureInfo.InvariantCulture, pattern, processId)).Any();
        }
        catch (DirectoryNotFoundException)
        {
            // Where there is no folder the runtime could open nothing.
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return IsAllowed(kind);
        }
    }

    private bool IsAllowed(string kind) => !IsSwitchedOff("EnableDiagnostics") && !IsSwitchedOff("EnableDiagnostics_" + kind);

    private bool IsSwitchedOff(string setting) => IsSet(setting, out var name) && IsZero(variable(name)!);

    /// <summary>Whether a setting of the runtime has a value under either of its prefixes.</summary>
    private bool IsSet(string setting, out string name)
    {
        name = "DOTNET_" + setting;
        if (string.IsNullOrEmpty(variable(name)))
        {
            name = "COMPlus_" + setting;
        }

        return !string.IsNullOrEmpty(variable(name));
    }
}
