using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ZeroTrust.Shared;

/// <summary>What Linux says of a file: its kind, its owner and who may use it.</summary>
/// <param name="Type">Its kind, as in <c>st_mode</c>.</param>
/// <param name="Mode">The users that may use it.</param>
/// <param name="User">Its owner.</param>
/// <param name="Group">Its group.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileStatus(uint Type, UnixFileMode Mode, uint User, uint Group)
{
    public const uint RegularFile = 0x8000;
    public const uint Folder = 0x4000;

    private const uint Pipe = 0x1000;
    private const uint CharacterDevice = 0x2000;
    private const uint BlockDevice = 0x6000;
    private const uint Socket = 0xC000;
    private const int StatusSize = 256;
    private const int UserOffset = 20;
    private const int GroupOffset = 24;
    private const int ModeOffset = 28;
    private const uint TypeMask = 0xF000;
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const uint AskForAll = 0x1F;

    /// <summary>What its kind is called.</summary>
    public string Kind => Type switch
    {
        RegularFile => "a regular file",
        Folder => "a folder",
        Pipe => "a pipe (FIFO)",
        Socket => "a socket",
        CharacterDevice or BlockDevice => "a device",
        _ => "of an unknown kind",
    };

    /// <summary>The user this process acts as.</summary>
    public static uint Self => Native.EffectiveUser();

    /// <summary>That of an open file; null where the system does not say.</summary>
    public static FileStatus? Of(SafeFileHandle file) => Ask((int)file.DangerousGetHandle(), string.Empty, EmptyPath);

    /// <summary>That of a path, with links followed; null where the system does not say.</summary>
    public static FileStatus? Of(string path) => Ask(CurrentFolder, path, flags: 0);

    private static FileStatus? Ask(int folder, string path, int flags)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var status = new byte[StatusSize];
        try
        {
            return Native.Status(folder, in Encoding.UTF8.GetBytes(path + '\0')[0], flags, AskForAll, ref status[0]) == 0 ? Read(status) : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    private static FileStatus Read(ReadOnlySpan<byte> status)
    {
        var mode = BitConverter.ToUInt16(status[ModeOffset..]);
        return new(mode & TypeMask, (UnixFileMode)(mode & ~TypeMask), BitConverter.ToUInt32(status[UserOffset..]), BitConverter.ToUInt32(status[GroupOffset..]));
    }

    private static class Native
    {
#pragma warning disable SYSLIB1054 // blittable as it is; generated code would need unsafe blocks
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
        public static extern int Status(int folder, in byte path, int flags, uint mask, ref byte status);

        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        [DllImport("libc", EntryPoint = "geteuid")]
        public static extern uint EffectiveUser();
#pragma warning restore SYSLIB1054
    }
}
