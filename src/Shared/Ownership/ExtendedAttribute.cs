using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ZeroTrust.Shared;

/// <summary>Reads an extended attribute of a file, on Linux.</summary>
internal static class ExtendedAttribute
{
    // As long as one can be (XATTR_SIZE_MAX).
    private const int MaxSize = 64 * 1024;
    private const int NoSystemCall = 38;
    private const int NoData = 61;
    private const int NotSupported = 95;

    /// <summary>That of an open file; null when there is none, and where there are none.</summary>
    /// <exception cref="IOException">The system does not say.</exception>
    public static byte[]? Read(SafeFileHandle file, string name) =>
        Read(value => Native.OfHandle((int)file.DangerousGetHandle(), in NameOf(name)[0], ref value[0], MaxSize), name);

    /// <summary>That of a path, with links followed; null when there is none, and where there are none.</summary>
    /// <exception cref="IOException">The system does not say.</exception>
    public static byte[]? Read(string path, string name) =>
        Read(value => Native.OfPath(in NameOf(path)[0], in NameOf(name)[0], ref value[0], MaxSize), name);

    private static byte[]? Read(Func<byte[], nint> read, string name)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var value = ArrayPool<byte>.Shared.Rent(MaxSize);
        try
        {
            var size = read(value);
            return size >= 0 ? value[..(int)size]
                : Marshal.GetLastPInvokeError() is NoData or NotSupported or NoSystemCall ? null
                : throw new IOException($"{name}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(value);
        }
    }

    private static byte[] NameOf(string text) => Encoding.UTF8.GetBytes(text + '\0');

    private static class Native
    {
#pragma warning disable SYSLIB1054 // blittable as it is; generated code would need unsafe blocks
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        [DllImport("libc", EntryPoint = "fgetxattr", SetLastError = true)]
        public static extern nint OfHandle(int file, in byte name, ref byte value, nint size);

        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        [DllImport("libc", EntryPoint = "getxattr", SetLastError = true)]
        public static extern nint OfPath(in byte path, in byte name, ref byte value, nint size);
#pragma warning restore SYSLIB1054
    }
}
