using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ZeroTrust.Shared;

/// <summary>Opens regular files and nothing else: a FIFO, a device or a directory is refused, and none of them can make the opener wait.</summary>
internal static class RegularFile
{
    private const int NotFound = 2;
    private const int AccessDenied = 13;
    private const int TypeOffset = 28;
    private const int StatusSize = 256;
    private const uint TypeMask = 0xF000;
    private const uint Regular = 0x8000;
    private const int EmptyPath = 0x1000;
    private const uint AskForType = 1;

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

        file.Dispose();
        throw new IOException("It is not a regular file.");
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
            return !OperatingSystem.IsLinux() || TypeOf(file) is null or Regular;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    // Null where the system does not say.
    private static uint? TypeOf(SafeFileHandle file)
    {
        var status = new byte[StatusSize];
        try
        {
            return Native.Status((int)file.DangerousGetHandle(), in NameOf(string.Empty)[0], EmptyPath, AskForType, ref status[0]) == 0
                ? BitConverter.ToUInt16(status, TypeOffset) & TypeMask
                : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    private static byte[] NameOf(string path) => Encoding.UTF8.GetBytes(path + '\0');

    private static class Native
    {
#pragma warning disable SYSLIB1054 // blittable as it is; generated code would need unsafe blocks
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        public static extern int Open(in byte path, int flags);

        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
        public static extern int Status(int folder, in byte path, int flags, uint mask, ref byte status);
#pragma warning restore SYSLIB1054
    }
}
