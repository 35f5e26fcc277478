using Microsoft.Win32.SafeHandles;

namespace ZeroTrust.Shared;

/// <summary>
/// Who may use the file of a private key: its user, and its group to read, as it has to where an orchestrator mounts it for the group.
/// </summary>
internal static class KeyFileMode
{
    /// <summary>The name of the weakening that takes any mode.</summary>
    public const string AnyIsTaken = "mtls.exposed_key_file";

    private const UnixFileMode Exposed =
        UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>
    /// What is wrong with the mode of an open file, or with its access control list; null when nothing is, and on Windows, which has none.
    /// </summary>
    public static string? FaultOf(SafeFileHandle file, string? path)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        var access = AccessList.Of(file);
        var mode = access.Applied(File.GetUnixFileMode(file));
        var fault = (mode & Exposed) != UnixFileMode.None
            ? $"has the mode {Convert.ToString((int)mode, 8)}"
            : FileStatus.Of(file) is { } status ? access.UseFaultOf(status) : null;
        return fault is null
            ? null
            : $"'{path}' {fault}: a private key is for the service's user, and its group may read it; set 0600 or 0440, in Kubernetes defaultMode: 0440";
    }
}
