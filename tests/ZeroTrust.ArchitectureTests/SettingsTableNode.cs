using System.Collections;
using System.Reflection;

namespace ZeroTrust.ArchitectureTests;

/// <summary>One place of a table of settings.</summary>
internal sealed class SettingsTableNode(object shape)
{
    public object Shape { get; } = shape;

    public string Kind => Read("Kind").ToString()!;

    public IReadOnlyList<string> Choices => (IReadOnlyList<string>)Read("Choices");

    public SettingsTableNode Item => new(Read("Item"));

    public IEnumerable<(string Name, SettingsTableNode Node)> Settings =>
        ((IEnumerable)Read("Settings")).Cast<object>().Select(static pair => (
            (string)pair.GetType().GetProperty("Key")!.GetValue(pair)!,
            new SettingsTableNode(pair.GetType().GetProperty("Value")!.GetValue(pair)!)));

    /// <summary>Every key below a place as a configuration may have it: the first entry of each list, and a name for each free one.</summary>
    public IEnumerable<(string Parent, string Name, SettingsTableNode Node)> Keys(string path) => Kind switch
    {
        "List" => Item.Keys(path + ":0"),
        "Names" => Item.Keys(path + ":any"),
        _ => Settings.SelectMany(setting => setting.Node.Keys($"{path}:{setting.Name}").Prepend((path, setting.Name, setting.Node))),
    };

    /// <summary>The key of every value below a place, or of the place itself where it is one.</summary>
    public IEnumerable<string> Values(string path) => Kind switch
    {
        "List" => Item.Values(path + ":0"),
        "Names" => Item.Values(path + ":any"),
        "Section" => Settings.SelectMany(setting => setting.Node.Values($"{path}:{setting.Name}")),
        _ => [path],
    };

    private object Read(string property) =>
        Shape.GetType().GetProperty(property, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!.GetValue(Shape)!;
}
