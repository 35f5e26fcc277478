using Microsoft.Win32.SafeHandles;

namespace ZeroTrust.Shared;

/// <summary>
/// Whether a file is the operator's: nobody but root and the service's user can write it, or put another in its place. Who can, decides
/// whom the service believes.
/// </summary>
/// <remarks>
/// Asked of the handle that is read, and of the folders its path led through: owner, mode and access control list. What a folder's list
/// gives to files that will be made in it is asked of those files. On Linux; elsewhere the system is not asked.
/// </remarks>
internal static class FileOwnership
{
    /// <summary>The name of the weakening that lets one more user own files, before the number of the user.</summary>
    public const string OwnerPrefix = "mtls.file_owner:";

    private const int MaxLinks = 40;
    private const string Remedy = "let root or the service's user own it, chmod go-w";
    private const uint Root = 0;

    /// <summary>The users that weakenings name.</summary>
    public static IReadOnlyCollection<uint> OwnersOf(IEnumerable<string> weakenings) =>
    [
        .. weakenings.Where(static name => name.StartsWith(OwnerPrefix, StringComparison.Ordinal))
            .Select(static name => uint.Parse(name.AsSpan(OwnerPrefix.Length), System.Globalization.CultureInfo.InvariantCulture)),
    ];

    /// <summary>What is wrong; null when nothing is.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="path">The path it was opened by.</param>
    /// <param name="owners">Users beside root and the service's own that may own it.</param>
    public static string? FaultOf(SafeFileHandle file, string path, IReadOnlyCollection<uint> owners)
    {
        if (FileStatus.Of(file) is not { } status)
        {
            return null;
        }

        return FaultOf(status, AccessList.Of(file), owners, () => FileStamp.Of(file).Target ?? path) is { } fault
            ? $"'{path}' {fault}: who can write it decides whom this service believes; {Remedy}"
            : FoldersOf(path).Select(folder => FaultOfFolder(folder, owners)).FirstOrDefault(fault => fault is not null);
    }

    private static string? FaultOfFolder(string folder, IReadOnlyCollection<uint> owners)
    {
        if (FileStatus.Of(folder) is not { } status)
        {
            return null;
        }

        // In a sticky folder nobody replaces what is not theirs: /tmp, and what Kubernetes mounts.
        var isSticky = status.Mode.HasFlag(UnixFileMode.StickyBit);
        var access = isSticky ? AccessList.None : AccessList.Of(folder);
        return FaultOf(isSticky ? status with { Mode = UnixFileMode.None } : status, access, owners, () => RealPathOf(folder)) is { } fault
            ? $"the folder '{folder}' {fault}: who can write it can put another file in place; {Remedy}"
            : null;
    }

    private static string? FaultOf(FileStatus status, AccessList access, IReadOnlyCollection<uint> owners, Func<string> realPath)
    {
        if (status.User != Root && status.User != FileStatus.Self && !owners.Contains(status.User))
        {
            return $"belongs to the user {status.User}";
        }

        var fault = FaultOf(status, access.Applied(status.Mode)) ?? access.WriteFaultOf(status, owners);
        return fault is not null && !ReadOnlyMounts.Hold(realPath()) ? fault : null;
    }

    private static string? FaultOf(FileStatus status, UnixFileMode mode)
    {
        // A user's own group, which has the user's number, is the user.
        var writers = status.Group == status.User ? UnixFileMode.OtherWrite : UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;
        return (mode & writers) != UnixFileMode.None
            ? $"has the mode {Convert.ToString((int)mode, 8)}, which lets {((mode & UnixFileMode.OtherWrite) != UnixFileMode.None ? "everybody" : $"the group {status.Group}")} write"
            : null;
    }

    private static string RealPathOf(string folder) => new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder;

    // The folder of the path, and of each link that it leads through.
    private static IEnumerable<string> FoldersOf(string path)
    {
        var current = Path.GetFullPath(path);
        for (var links = 0; links < MaxLinks; links++)
        {
            if (Path.GetDirectoryName(current) is not { } folder)
            {
                yield break;
            }

            yield return folder;
            foreach (var behind in LinksOf(folder))
            {
                yield return behind;
            }

            if (new FileInfo(current).LinkTarget is not { } target)
            {
                yield break;
            }

            current = Path.GetFullPath(target, folder);
        }
    }

    // Where the folder itself is a link, as ..data of a mounted volume is, the folder that holds it could be given another.
    private static IEnumerable<string> LinksOf(string folder)
    {
        for (var links = 0; links < MaxLinks && new DirectoryInfo(folder).LinkTarget is { } target; links++)
        {
            if (Path.GetDirectoryName(folder) is not { } holder)
            {
                yield break;
            }

            yield return holder;
            folder = Path.GetFullPath(target, holder);
        }
    }
}
