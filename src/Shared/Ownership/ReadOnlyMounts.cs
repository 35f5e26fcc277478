namespace ZeroTrust.Shared;

/// <summary>What is mounted so that nobody here can write it, whatever the modes say: as Kubernetes mounts a ConfigMap, whose folder has the mode 0777.</summary>
internal static class ReadOnlyMounts
{
    private const string Table = "/proc/self/mountinfo";
    private const int MountPoint = 4;
    private const int Options = 5;

    public static bool Hold(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() && Hold(path, File.ReadLines(Table));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <param name="path">A path without links.</param>
    /// <param name="mounts">The lines of proc_pid_mountinfo(5), of which the last one for a place is what is seen there.</param>
    public static bool Hold(string path, IEnumerable<string> mounts)
    {
        var (longest, isReadOnly) = (0, false);
        foreach (var mount in mounts)
        {
            var fields = mount.Split(' ');
            if (fields.Length > Options && Unescape(fields[MountPoint]) is var point && point.Length >= longest && IsBelow(path, point))
            {
                (longest, isReadOnly) = (point.Length, fields[Options].Split(',').Contains("ro", StringComparer.Ordinal));
            }
        }

        return isReadOnly;
    }

    private static bool IsBelow(string path, string point) =>
        point == "/" || (path.StartsWith(point, StringComparison.Ordinal) && (path.Length == point.Length || path[point.Length] == '/'));

    private static string Unescape(string field) => field
        .Replace("\\040", " ", StringComparison.Ordinal)
        .Replace("\\011", "\t", StringComparison.Ordinal)
        .Replace("\\012", "\n", StringComparison.Ordinal)
        .Replace("\\134", "\\", StringComparison.Ordinal);
}
