using System.IO.Compression;

namespace ZeroTrust.PackageTests;

/// <summary>The packages <c>dotnet pack</c> wrote, where it has been run.</summary>
internal static class PackageFolder
{
    private const string Variable = "ZEROTRUST_PACKAGES";

    public static string Root { get; } = FindRoot();

    public static string Find()
    {
        var folder = Environment.GetEnvironmentVariable(Variable) ?? Path.Combine(Root, "artifacts", "packages");
        Assert.SkipUnless(
            Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.nupkg").Any(),
            $"No packages: run `dotnet pack -c Release -o artifacts/packages`, or name their folder in {Variable}.");
        return folder;
    }

    public static IReadOnlyList<string> Newest()
    {
        var newest = Directory.EnumerateFiles(Find(), "*.nupkg").MaxBy(File.GetLastWriteTimeUtc)!;
        var version = Version(newest);
        return [.. Directory.EnumerateFiles(Find(), $"*.{version}.nupkg").Order(StringComparer.Ordinal)];
    }

    public static string Version(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        var nuspec = archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal));
        using var stream = nuspec.Open();
        var metadata = System.Xml.Linq.XDocument.Load(stream).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        return metadata.Elements().Single(element => element.Name.LocalName == "version").Value;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ZeroTrust.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests must run inside the checkout.");
    }
}
