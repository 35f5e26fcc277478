using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ZeroTrust.Shared;

/// <summary>
/// Opens regular files and nothing else: a FIFO, a device or a directory is refused, and none of them can make the opener wait.
/// </summary>
internal static class RegularFile
{
    private const int NotFound = 2;
    private const int AccessDenied = 13;

    /// <exception cref="IOException">It cannot be opened, or is no regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">The system denies it.</exception>
    public static SafeFileHandle Open(string path)
    {
        // Shared with writers: a lock of ours would fail the one who rotates the file.
        var file = OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()
            ? OpenAtOnce(path)
            : File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (IsRegular(file))
        {
            return file;
        }

        var kind = FileStatus.Of(file) is { } status ? $"It is {status.Kind}, not a regular file." : "It is not a regular file.";
        file.Dispose();
        throw new IOException(kind);
    }

    private static SafeFileHandle OpenAtOnce(string path)
    {
        // O_NONBLOCK and O_CLOEXEC: without the first, opening a FIFO waits for its writer.
        var descriptor = Native.Open(in NameOf(path)[0], OperatingSystem.IsLinux() ? 0x800 | 0x80000 : 0x4 | 0x1000000);
        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        var error = Marshal.GetLastPInvokeError();
        var message = $"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'";
        throw error switch
        {
            NotFound => new FileNotFoundException(message, path),
            AccessDenied => new UnauthorizedAccessException(message),
            _ => new IOException(message),
        };
    }

    private static bool IsRegular(SafeFileHandle file)
    {
        try
        {
            // Of a FIFO, a socket or a terminal there is no length.
            _ = RandomAccess.GetLength(file);
            return FileStatus.Of(file) is null or { Type: FileStatus.RegularFile };
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    private static byte[] NameOf(string path) => Encoding.UTF8.GetBytes(path + '\0');

    private static class Native
    {
#pragma warning disable SYSLIB1054 // blittable as it is; generated code would need unsafe blocks
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        public static extern int Open(in byte path, int flags);
#pragma warning restore SYSLIB1054
    }
}
