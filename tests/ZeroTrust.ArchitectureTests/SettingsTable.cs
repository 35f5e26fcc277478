using System.Collections;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace ZeroTrust.ArchitectureTests;

/// <summary>What a package says may stand in its section, read by reflection, since the tables are internal.</summary>
internal sealed class SettingsTable
{
    private const BindingFlags Members = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private SettingsTable(Type options, object shape)
    {
        Options = options;
        Shape = new SettingsTableNode(shape);
        Path = (string)options.GetField("SectionName")!.GetRawConstantValue()!;
    }

    public static IReadOnlyList<SettingsTable> All { get; } =
    [
        .. from package in Packages.All.Keys
           from type in Packages.Load(package).GetTypes()
           let shape = type.Name.EndsWith("Settings", StringComparison.Ordinal) ? type.GetProperty("Shape", Members) : null
           where shape?.PropertyType.Name == "SettingShape"
           select new SettingsTable(Assert.Single(Sections(type.Assembly)), shape.GetValue(null)!),
    ];

    public Type Options { get; }

    public string Path { get; }

    public SettingsTableNode Shape { get; }

    public static IEnumerable<Type> Sections(Assembly package) => package.GetExportedTypes().Where(static type => type.GetField("SectionName") is not null);

    /// <summary>The calls by the path of their section, as the packages report them when one is missing.</summary>
    public static IReadOnlyDictionary<string, string> Registrations() =>
        (IReadOnlyDictionary<string, string>)SharedOf(Packages.Load("ZeroTrust.Mtls"), "SettingsTree").GetProperty("Sections", Members)!.GetValue(null)!;

    /// <summary>What the host would report of a section.</summary>
    public IReadOnlyList<string> Faults(IConfiguration section) =>
        [.. ((IEnumerable)Shared("SettingsCheck").GetMethod("Run", Members)!.Invoke(null, [Path, Shape.Shape, null, section])!)
            .Cast<object>().Select(static fault => (string)fault.GetType().GetProperty("Message")!.GetValue(fault)!)];

    private static Type SharedOf(Assembly package, string name) =>
        package.GetType("ZeroTrust.Shared." + name, throwOnError: true)!;

    private Type Shared(string name) => SharedOf(Options.Assembly, name);
}
