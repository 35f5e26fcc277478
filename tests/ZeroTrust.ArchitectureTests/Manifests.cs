using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace ZeroTrust.ArchitectureTests;

/// <summary>The manifests of <c>samples/Kubernetes</c>, read as Kubernetes would.</summary>
internal static class Manifests
{
    public static IReadOnlyList<string> Files { get; } = [.. Repository.Files(Path.Combine("samples", "Kubernetes"), "*").Order(StringComparer.Ordinal)];

    public static string Text(string file) => Repository.Read("samples", "Kubernetes", file);

    public static IReadOnlyList<YamlNode> Load(string file)
    {
        var yaml = new YamlStream();
        using var reader = new StringReader(Text(file));
        yaml.Load(reader);
        return [.. yaml.Documents.Select(document => document.RootNode)];
    }

    public static YamlNode Load(string file, string kind) => Load(file).Single(document => document.Value("kind") == kind);

    /// <summary>The node at a path of names and indexes; null where there is none.</summary>
    public static YamlNode? Find(this YamlNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var step in path)
        {
            node = node switch
            {
                YamlMappingNode mapping when mapping.Children.TryGetValue(new YamlScalarNode(step), out var child) => child,
                YamlSequenceNode list when int.TryParse(step, CultureInfo.InvariantCulture, out var index) && index < list.Children.Count => list[index],
                _ => null,
            };
        }

        return node;
    }

    public static YamlNode Get(this YamlNode node, params ReadOnlySpan<string> path) =>
        node.Find(path) ?? throw new InvalidOperationException($"There is no {string.Join('/', path.ToArray())}.");

    public static string? Value(this YamlNode node, params ReadOnlySpan<string> path) => (node.Find(path) as YamlScalarNode)?.Value;

    public static int Number(this YamlNode node, params ReadOnlySpan<string> path) =>
        int.Parse(node.Value(path) ?? throw new InvalidOperationException($"There is no {string.Join('/', path.ToArray())}."), CultureInfo.InvariantCulture);

    public static IEnumerable<YamlNode> Items(this YamlNode? node, params ReadOnlySpan<string> path) =>
        node.Find(path) is YamlSequenceNode list ? list.Children : [];
}
