using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace ZeroTrust.ArchitectureTests;

/// <summary>Settings that are shown or shipped are settings: a key that a reader copies does not stop the host.</summary>
public sealed partial class SettingsDocsTests
{
    [Fact]
    public void Settings_of_the_samples_are_known()
    {
        var files = Repository.Files("samples", "appsettings*.json").ToList();

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Empty(Faults(Read(File.ReadAllText(file)))));
    }

    [Fact]
    public void Settings_shown_as_json_are_known()
    {
        var shown = Documents().SelectMany(file => Block().Matches(File.ReadAllText(file)).Select(match => match.Groups["json"].Value)).ToList();
        var settings = shown.Select(Place).OfType<string>().ToList();

        Assert.True(settings.Count >= 9, $"{settings.Count} of {shown.Count} blocks were taken for settings.");
        Assert.All(settings, json => Assert.Empty(Faults(Read(json))));
    }

    [Fact]
    public void Paths_named_in_documents_manifests_and_samples_are_known()
    {
        var files = Documents().Concat(Repository.Files("samples", "*.yaml")).Concat(Repository.Files("samples", "*.cs"));
        var paths = files.SelectMany(file => NamedPath().Matches(File.ReadAllText(file)))
            .Select(match => match.Value.Replace("__", ":", StringComparison.Ordinal).Replace("{n}", "0", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal)
            .ToList();

        Assert.Contains("ZeroTrust:Mtls:Credential:KeyFile", paths, StringComparer.Ordinal);
        Assert.All(paths, path => Assert.DoesNotContain(Faults(Settings((path, ""))), fault => !fault.Contains(": is empty;", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_misspelt_key_in_a_document_would_be_seen() =>
        Assert.Single(Faults(Read("""{ "ZeroTrust": { "Mtls": { "DenylistFiles": "/run/denied.txt" } } }""")));

    private static IEnumerable<string> Documents() =>
        Repository.Files("docs", "*.md").Concat(Repository.Files("src", "*.md")).Concat(Repository.Files("samples", "*.md")).Append(Path.Combine(Repository.Root, "README.md"));

    private static IEnumerable<string> Faults(IConfiguration configuration) => SettingsTable.All
        .SelectMany(table => table.Faults(Settings([.. configuration.GetSection(table.Path).AsEnumerable(makePathsRelative: true).Select(static pair => (pair.Key, pair.Value))])))
        .Concat(configuration.GetSection("ZeroTrust").AsEnumerable().Select(static pair => pair.Key)
            .Where(key => !SettingsTable.All.Any(table => IsWithin(table.Path, key) || IsWithin(key, table.Path))));

    private static bool IsWithin(string path, string place) => (path + ":").StartsWith(place + ":", StringComparison.OrdinalIgnoreCase);

    private static IConfigurationRoot Settings(params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create(setting.Key, setting.Value))).Build();

    private static IConfigurationRoot Read(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

    /// <summary>A block of a document as a whole file of settings, or null when it is something else.</summary>
    private static string? Place(string block)
    {
        var json = block.TrimStart().StartsWith('{') ? block : "{" + block + "}";
        using var document = JsonDocument.Parse(json);
        var first = document.RootElement.EnumerateObject().First();
        if (first.NameEquals("ZeroTrust"))
        {
            return json;
        }

        var section = SettingsTable.All.FirstOrDefault(table => table.Path == "ZeroTrust:" + first.Name) is not null
            ? "ZeroTrust"
            : SettingsTable.All.FirstOrDefault(table => table.Shape.Settings.Any(setting => first.NameEquals(setting.Name)))?.Path
                ?? (first.Value.ValueKind == JsonValueKind.Object && first.Value.TryGetProperty("Role", out _) ? "ZeroTrust:Listeners" : null);
        return section?.Split(':').Reverse().Aggregate(json, static (inner, name) => $$"""{ "{{name}}": {{inner}} }""");
    }

    [GeneratedRegex("```json\n(?<json>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Block();

    [GeneratedRegex(@"\bZeroTrust(:|__)[A-Z][\w.{}:-]*[\w}]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamedPath();
}
