using Microsoft.Win32.SafeHandles;

namespace ZeroTrust.Shared;

/// <summary>Who may use the file of a private key: its user, and its group to read, as it has to where an orchestrator mounts it for the group.</summary>
internal static class KeyFileMode
{
    /// <summary>The name of the weakening that takes any mode.</summary>
    public const string AnyIsTaken = "mtls.exposed_key_file";

    private const UnixFileMode Exposed =
        UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>What is wrong with the mode of an open file; null when nothing is, and on Windows, which has none.</summary>
    public static string? FaultOf(SafeFileHandle file, string? path) =>
        !OperatingSystem.IsWindows() && File.GetUnixFileMode(file) is var mode && (mode & Exposed) != UnixFileMode.None
            ? $"'{path}' has the mode {Convert.ToString((int)mode, 8)}: a private key is for the service's user, and its group may read it;"
                + " set 0600 or 0440, in Kubernetes defaultMode: 0440"
            : null;
}
