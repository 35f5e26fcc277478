using Microsoft.Win32.SafeHandles;

namespace ZeroTrust.Shared;

/// <summary>
/// The access control list of a file or folder: the users and groups beside those of its mode. With a list, what the mode says of the group
/// is the most that the list gives anybody, and not what the group has.
/// </summary>
internal sealed class AccessList
{
    private const string Posix = "system.posix_acl_access";
    private const string Nfs4 = "system.nfs4_acl";
    private const uint Root = 0;

    /// <summary>None: the mode says all.</summary>
    public static AccessList None { get; } = new();

    /// <summary>One that is not understood, and may give anybody anything.</summary>
    public static AccessList Unread { get; } = new() { Fault = "is not understood (setfacl -b takes it off)" };

    /// <summary>Why it may give anybody anything; null when it is understood.</summary>
    public string? Fault { get; init; }

    /// <summary>The users and groups it names that can do anything.</summary>
    public IReadOnlyList<AccessEntry> Entries { get; init; } = [];

    /// <summary>What the group of the file has, in place of what its mode says; null when the mode says it.</summary>
    public UnixFileMode? Group { get; init; }

    /// <summary>What the group and everybody have beside what the mode says.</summary>
    public UnixFileMode Further { get; init; }

    /// <summary>That of an open file.</summary>
    public static AccessList Of(SafeFileHandle file) => Of(name => ExtendedAttribute.Read(file, name));

    /// <summary>That of a path, with links followed.</summary>
    public static AccessList Of(string path) => Of(name => ExtendedAttribute.Read(path, name));

    /// <param name="read">Reads an extended attribute; null when there is none.</param>
    internal static AccessList Of(Func<string, byte[]?> read)
    {
        try
        {
            return read(Posix) is { } posix
                ? PosixAccessList.Parse(posix) ?? Unread
                : read(Nfs4) is { } nfs4 ? Nfs4AccessList.Parse(nfs4) ?? Unread : None;
        }
        catch (IOException exception)
        {
            return new() { Fault = $"cannot be read: {exception.Message}" };
        }
    }

    /// <summary>The mode as the list leaves it.</summary>
    public UnixFileMode Applied(UnixFileMode mode)
    {
        const UnixFileMode group = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;
        return (Group is { } given ? (mode & ~group) | given : mode) | Further;
    }

    /// <summary>What is wrong with it where others may not write; null when nothing is.</summary>
    /// <param name="status">The file, whose owner's own group is its owner.</param>
    /// <param name="owners">Users beside root and the service's own that may.</param>
    public string? WriteFaultOf(FileStatus status, IReadOnlyCollection<uint> owners) => FaultOf(
        entry => !entry.CanWrite || (entry.IsGroup ? entry.Number == status.User : IsOwner(entry, status) || (entry.Number is { } user && owners.Contains(user))),
        "write");

    /// <summary>What is wrong with it where others may do nothing; null when nothing is.</summary>
    /// <param name="status">The file.</param>
    public string? UseFaultOf(FileStatus status) => FaultOf(entry => !entry.IsGroup && IsOwner(entry, status), "use it");

    private static bool IsOwner(AccessEntry entry, FileStatus status) =>
        entry.Number is { } user && (user == Root || user == FileStatus.Self || user == status.User);

    private string? FaultOf(Func<AccessEntry, bool> mayDoSo, string what)
    {
        if (Fault is not null)
        {
            return $"has an access control list that {Fault}";
        }

        return Entries.FirstOrDefault(entry => !mayDoSo(entry)) is { } other
            ? $"has an access control list that lets {other} {what} ({Command(other)} takes the entry off)"
            : null;
    }

    private string Command(AccessEntry entry) => Group is null ? "nfs4_setfacl" : $"setfacl -x {(entry.IsGroup ? 'g' : 'u')}:{entry.Name}";
}
