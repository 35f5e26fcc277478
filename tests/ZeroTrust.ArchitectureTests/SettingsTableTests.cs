using System.Reflection;

namespace ZeroTrust.ArchitectureTests;

/// <summary>The tables of settings against the options they stand for: a property that is added, renamed or changed has to be in its table.</summary>
public sealed class SettingsTableTests
{
    public static TheoryData<string> Sections => [.. SettingsTable.All.Select(static table => table.Path)];

    [Theory]
    [MemberData(nameof(Sections))]
    public void Table_has_every_property_of_the_options_with_its_kind(string section)
    {
        var table = Assert.Single(SettingsTable.All, table => table.Path == section);
        var expected = section == "ZeroTrust:Listeners"
            ? Expected(section, table.Options.GetProperty("Listeners")!.PropertyType, nameof(table.Options))
            : Expected(section, table.Options, nameof(table.Options));

        Assert.Equal(expected.Order(StringComparer.Ordinal), Stated(section, table.Shape).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_package_that_has_a_section_has_a_table()
    {
        var sections = Packages.All.Keys.SelectMany(package => SettingsTable.Sections(Packages.Load(package)))
            .Select(type => (string)type.GetField("SectionName")!.GetRawConstantValue()!);

        Assert.Equal(sections.Order(StringComparer.Ordinal), SettingsTable.All.Select(table => table.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_section_is_known_with_a_call_that_exists()
    {
        var calls = Packages.PublicTypes()
            .Where(type => type is { IsAbstract: true, IsSealed: true })
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public))
            .Select(method => method.Name + "()")
            .ToHashSet(StringComparer.Ordinal);
        var known = SettingsTable.Registrations();

        Assert.Equal(SettingsTable.All.Select(table => table.Path).Order(StringComparer.Ordinal), known.Keys.Order(StringComparer.Ordinal));
        Assert.All(known.Values, call => Assert.Contains(call, calls));
    }

    private static IEnumerable<string> Stated(string path, SettingsTableNode node) => node.Kind switch
    {
        "Section" => node.Settings.SelectMany(setting => Stated($"{path}:{setting.Name}", setting.Node)),
        "List" => Stated(path + ":{n}", node.Item),
        "Names" => Stated(path + ":{name}", node.Item),
        "Choice" => [$"{path} = {string.Join('|', node.Choices)}"],
        _ => [$"{path} = {node.Kind}"],
    };

    private static IEnumerable<string> Expected(string path, Type type, string name)
    {
        var value = Nullable.GetUnderlyingType(type) ?? type;
        if (value == typeof(string))
        {
            return [$"{path} = {(IsSecret(name) ? "Secret" : IsFile(name) ? "File" : "Text")}"];
        }

        if (value == typeof(bool) || value == typeof(int) || value == typeof(TimeSpan))
        {
            return [$"{path} = {(value == typeof(bool) ? "Flag" : value == typeof(int) ? "Number" : "Time")}"];
        }

        if (value.IsEnum)
        {
            return [$"{path} = {string.Join('|', Enum.GetNames(value).Where(static member => member != "Unspecified"))}"];
        }

        if (value.IsGenericType)
        {
            var arguments = value.GetGenericArguments();
            return arguments.Length == 1 ? Expected(path + ":{n}", arguments[0], name) : Expected(path + ":{name}", arguments[1], name);
        }

        // What has no constructor without parameters cannot be bound, and is given by code alone.
        return value.GetConstructor(Type.EmptyTypes) is null
            ? []
            : value.GetProperties().SelectMany(property => Expected($"{path}:{property.Name}", property.PropertyType, property.Name));
    }

    private static bool IsFile(string name) => name.EndsWith("File", StringComparison.Ordinal) || name.EndsWith("Files", StringComparison.Ordinal);

    private static bool IsSecret(string name) => name.EndsWith("Password", StringComparison.Ordinal) || name.EndsWith("Secret", StringComparison.Ordinal) || name == "TokenKey";
}
