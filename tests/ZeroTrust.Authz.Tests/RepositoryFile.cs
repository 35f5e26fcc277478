namespace ZeroTrust.Authz.Tests;

/// <summary>Files of the repository that tests compare with the code.</summary>
internal static class RepositoryFile
{
    private static readonly Lazy<string> Root = new(() =>
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ZeroTrust.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return folder.FullName;
    });

    public static string PathOf(string relative) => Path.Combine(Root.Value, relative);
}
