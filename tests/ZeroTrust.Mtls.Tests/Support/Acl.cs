using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Tests.Support;

/// <summary>Gives files access control lists, as setfacl does.</summary>
internal static class Acl
{
    public const string Access = "system.posix_acl_access";
    public const string Default = "system.posix_acl_default";

    private static readonly int[] Tags = [0x01, 0x02, 0x04, 0x08, 0x10, 0x20];

    /// <summary>Whether Linux and the file system keep such lists.</summary>
    public static bool IsKept(string path)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return false;
        }

        var probe = Path.Combine(path, "probe");
        File.WriteAllText(probe, string.Empty);
        try
        {
            return Try(probe, Access, Parse("u::rw,u:1:r,g::r,m::r,o::"));
        }
        finally
        {
            File.Delete(probe);
        }
    }

    /// <param name="path">The file or folder.</param>
    /// <param name="entries">As setfacl takes them, all of them: <c>u::rw,u:65534:r,g::r,m::r,o::</c>.</param>
    /// <param name="list">Which of the two lists.</param>
    public static void Set(string path, string entries, string list = Access) => Assert.True(Try(path, list, Parse(entries)));

    public static byte[] Parse(string entries) => Encode([.. entries.Split(',').Select(entry =>
    {
        var parts = entry.Split(':');
        var tag = (parts[0], parts[1].Length) switch { ("u", 0) => 0, ("u", _) => 1, ("g", 0) => 2, ("g", _) => 3, ("m", _) => 4, _ => 5 };
        var rights = (parts[2].Contains('r', StringComparison.Ordinal) ? 4 : 0) | (parts[2].Contains('w', StringComparison.Ordinal) ? 2 : 0)
            | (parts[2].Contains('x', StringComparison.Ordinal) ? 1 : 0);
        return (Tags[tag], rights, tag is 1 or 3 ? uint.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : uint.MaxValue);
    }).OrderBy(entry => entry.Item1)]);

    public static byte[] Encode(params (int Tag, int Rights, uint Number)[] entries)
    {
        var content = new byte[4 + (8 * entries.Length)];
        content[0] = 2;
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = content.AsSpan(4 + (8 * i));
            BinaryPrimitives.WriteUInt16LittleEndian(entry, (ushort)entries[i].Tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], (ushort)entries[i].Rights);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], entries[i].Number);
        }

        return content;
    }

    /// <summary>A list as a server of NFSv4 has it.</summary>
    public static byte[] EncodeNfs4(params (uint Type, uint Flags, uint Mask, string Name)[] entries)
    {
        using var content = new MemoryStream();
        void Word(uint word)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, word);
            content.Write(bytes);
        }

        Word((uint)entries.Length);
        foreach (var (type, flags, mask, name) in entries)
        {
            Word(type);
            Word(flags);
            Word(mask);
            Word((uint)name.Length);
            content.Write(Encoding.UTF8.GetBytes(name.PadRight((name.Length + 3) / 4 * 4, '\0')));
        }

        return content.ToArray();
    }

    /// <summary>Entries with the users and groups that can do something.</summary>
    public static string Told(AccessList list) => string.Join(", ", list.Entries.Select(entry => $"{entry} {(entry.CanWrite ? "writes" : "reads")}"));

    private static bool Try(string path, string list, byte[] content) =>
        Native.Set(in Encoding.UTF8.GetBytes(path + '\0')[0], in Encoding.UTF8.GetBytes(list + '\0')[0], in content[0], content.Length, flags: 0) == 0;

    private static class Native
    {
#pragma warning disable SYSLIB1054 // blittable as it is; generated code would need unsafe blocks
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        [DllImport("libc", EntryPoint = "setxattr")]
        public static extern int Set(in byte path, in byte name, in byte value, nint size, int flags);
#pragma warning restore SYSLIB1054
    }
}
