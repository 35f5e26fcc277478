namespace ZeroTrust.Tests.Support;

/// <summary>The repository's own documents and test data.</summary>
internal static class Documents
{
    public static string Read(params string[] path) => File.ReadAllText(PathOf(path));

    public static string PathOf(params string[] path)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ZeroTrust.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The repository was not found.");
        }

        return Path.Combine([folder, .. path]);
    }
}
