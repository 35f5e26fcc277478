using System.Xml.Linq;

namespace ZeroTrust.ArchitectureTests;

public sealed class LayerTests
{
    public static TheoryData<string> PackageNames => [.. Packages.All.Keys];

    [Theory]
    [MemberData(nameof(PackageNames))]
    public void Package_references_only_what_the_architecture_allows(string package)
    {
        var references = ProjectReferences(Path.Combine(Repository.Root, "src", package, package + ".csproj"));

        Assert.Empty(references.Except(Packages.All[package].References, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(PackageNames))]
    public void Compiled_references_point_down(string package)
    {
        var above = Packages.Load(package).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => Packages.All.TryGetValue(name, out var other) && other.Layer > Packages.All[package].Layer);

        Assert.Empty(above);
    }

    [Fact]
    public void Lower_layers_hold_no_host()
    {
        var hosts = from package in Packages.All
                    where package.Value.Layer < 2
                    from reference in Packages.Load(package.Key).GetReferencedAssemblies()
                    where reference.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
                        || reference.Name.StartsWith("Grpc.", StringComparison.Ordinal)
                    select package.Key + " -> " + reference.Name;

        Assert.Empty(hosts);
    }

    [Fact]
    public void Every_package_folder_is_in_the_table()
    {
        var folders = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src"), "ZeroTrust*").Select(Path.GetFileName);

        Assert.Equal(Packages.All.Keys.Append("ZeroTrust.Testing").Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Testing_package_is_never_shipped_with_another()
    {
        var users = Packages.All.Keys.Where(package => ProjectReferences(
            Path.Combine(Repository.Root, "src", package, package + ".csproj")).Contains("ZeroTrust.Testing", StringComparer.Ordinal));

        Assert.Empty(users);
    }

    private static string[] ProjectReferences(string project) =>
        [.. XDocument.Load(project).Descendants("ProjectReference").Select(item => Path.GetFileNameWithoutExtension(item.Attribute("Include")!.Value))];
}
