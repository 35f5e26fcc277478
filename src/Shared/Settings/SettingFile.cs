namespace ZeroTrust.Shared;

/// <summary>Settings that name a file.</summary>
internal static class SettingFile
{
    /// <summary>What is wrong with the path before anything is opened; null when there is something that may be a file.</summary>
    public static string? FaultOf(string path) => File.Exists(path)
        ? null
        : string.IsNullOrWhiteSpace(path) ? "is empty, where the path of a file is wanted" : $"{(Directory.Exists(path) ? "is a folder, where a file is wanted" : "file not found")}: {SettingText.QuotedPath(path)}";
}
