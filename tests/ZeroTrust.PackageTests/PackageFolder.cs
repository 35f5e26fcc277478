using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;

namespace ZeroTrust.PackageTests;

/// <summary>The packages <c>dotnet pack</c> wrote, where it has been run.</summary>
internal static class PackageFolder
{
    private const string Variable = "ZEROTRUST_PACKAGES";

    // The SDK writes the commit behind the version.
    private static readonly string Commit = typeof(PackageFolder).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, var commit] ? commit : string.Empty;

    public static string Root { get; } = FindRoot();

    public static string Path { get; } =
        Environment.GetEnvironmentVariable(Variable) ?? System.IO.Path.Combine(Root, "artifacts", "packages");

    /// <summary>The packages of the commit these tests were built from; the test is skipped where there are none.</summary>
    public static IReadOnlyList<string> OfThisCommit()
    {
        var files = Directory.Exists(Path) ? Directory.GetFiles(Path, "*.nupkg") : [];
        var packages = files.Where(file => Commit.Length > 0 && Metadata(file)["repository"].Single().Attribute("commit")?.Value == Commit).ToList();
        Assert.SkipUnless(
            packages.Count > 0,
            $"No packages of this commit: run `dotnet pack -c Release -o artifacts/packages`, or name their folder in {Variable}.");
        packages.Sort(StringComparer.Ordinal);
        return packages;
    }

    public static string Version(string package) => Metadata(package)["version"].Single().Value;

    public static ILookup<string, XElement> Metadata(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        using var stream = archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(stream).Root!.Elements().Single(element => element.Name.LocalName == "metadata").Elements()
            .ToLookup(element => element.Name.LocalName, StringComparer.Ordinal);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "ZeroTrust.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests must run inside the checkout.");
    }
}
