using System.IO.Compression;
using System.Xml.Linq;

namespace ZeroTrust.PackageTests;

public sealed class PackageContentTests
{
    [Fact]
    public void Every_package_folder_is_packed()
    {
        var expected = Directory.EnumerateDirectories(Path.Combine(PackageFolder.Root, "src"), "ZeroTrust*").Select(Path.GetFileName);
        var packed = PackageFolder.OfThisCommit().Select(file => Path.GetFileName(file)[..^(PackageFolder.Version(file).Length + ".nupkg".Length + 1)]);

        Assert.Equal(expected.Order(StringComparer.Ordinal), packed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Package_carries_readme_licence_documentation_and_symbols()
    {
        foreach (var file in PackageFolder.OfThisCommit())
        {
            using var archive = ZipFile.OpenRead(file);
            var names = archive.Entries.Select(entry => entry.FullName).ToList();
            var metadata = PackageFolder.Metadata(file);

            Assert.Contains("README.md", names, StringComparer.Ordinal);
            Assert.Equal("README.md", metadata["readme"].Single().Value);
            Assert.Equal("Apache-2.0", metadata["license"].Single().Value);
            Assert.NotEmpty(metadata["description"].Single().Value);
            Assert.Contains(names, IsTool(metadata) ? IsToolSettings : IsDocumentation);
            Assert.True(File.Exists(Path.ChangeExtension(file, ".snupkg")), file + " has no symbols");
        }
    }

    [Fact]
    public void Packed_assemblies_open_no_internals()
    {
        foreach (var file in PackageFolder.OfThisCommit())
        {
            using var archive = ZipFile.OpenRead(file);
            foreach (var entry in archive.Entries.Where(entry => entry.Name.StartsWith("ZeroTrust", StringComparison.Ordinal) && entry.Name.EndsWith(".dll", StringComparison.Ordinal)))
            {
                using var stream = entry.Open();
                using var copy = new MemoryStream();
                stream.CopyTo(copy);

                Assert.Equal(-1, copy.GetBuffer().AsSpan(0, (int)copy.Length).IndexOf("InternalsVisibleToAttribute"u8));
            }
        }
    }

    private static bool IsTool(ILookup<string, XElement> metadata) =>
        metadata["packageTypes"].Elements().Any(type => type.Attribute("name")?.Value == "DotnetTool");

    private static bool IsToolSettings(string name) => name == "tools/net10.0/any/DotnetToolSettings.xml";

    private static bool IsDocumentation(string name) =>
        name.StartsWith("lib/net10.0/", StringComparison.Ordinal) && name.EndsWith(".xml", StringComparison.Ordinal);
}
