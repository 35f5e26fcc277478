using Microsoft.Win32.SafeHandles;

namespace ZeroTrust.Shared;

/// <summary>What shows of an open file without reading it.</summary>
/// <param name="Target">The file that the path led to through all links, where the system says; a swap of links shows here.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Written">When it was last written.</param>
/// <param name="Mode">The users that may use it.</param>
internal readonly record struct FileStamp(string? Target, long Length, DateTime Written, UnixFileMode Mode)
{
    public static FileStamp Of(SafeFileHandle file) => new(
        OperatingSystem.IsLinux() ? new FileInfo($"/proc/self/fd/{file.DangerousGetHandle()}").LinkTarget : null,
        RandomAccess.GetLength(file),
        File.GetLastWriteTimeUtc(file),
        OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(file));
}
