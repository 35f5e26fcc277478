using Microsoft.Extensions.Configuration;

namespace ZeroTrust.Shared;

/// <summary>The sections below <c>ZeroTrust</c> and the call that registers each. A test compares it with the packages.</summary>
internal static class SettingsTree
{
    public const string Root = "ZeroTrust";

    private const int MaxSlips = 2;

    private const string MeantToBeRoot =
        "is read by nothing; did you mean ZeroTrust? "
        + "In environment variables the levels are divided by two underscores, as in ZeroTrust__Mtls__TrustDomain";

    /// <summary>Path and call of each section.</summary>
    public static IReadOnlyDictionary<string, string> Sections { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["ZeroTrust:Listeners"] = "AddListeners()",
        ["ZeroTrust:Mtls"] = "AddMtls()",
        ["ZeroTrust:Authz"] = "AddAuthz()",
        ["ZeroTrust:Oidc"] = "AddOidc()",
        ["ZeroTrust:HealthChecks"] = "AddHealthChecks()",
        ["ZeroTrust:Redaction"] = "AddRedaction()",
        ["ZeroTrust:OpenTelemetry"] = "AddRedaction()",
        ["ZeroTrust:RowLevelSecurity"] = "AddRowLevelSecurity()",
    };

    /// <summary>What stands below <c>ZeroTrust</c> and is no section of any package, and what beside it was meant to be it.</summary>
    public static IEnumerable<string> Check(IConfiguration configuration, IReadOnlyCollection<SettingsSection> registered)
    {
        var root = configuration.GetSection(Root);
        var known = Sections.Keys.Union(registered.Select(static section => section.Path), StringComparer.OrdinalIgnoreCase);
        var shape = ShapeOf([.. known.Where(static path => path.StartsWith(Root + ":", StringComparison.OrdinalIgnoreCase))], Root);
        var snapshot = new ConfigurationBuilder().AddInMemoryCollection(root.AsEnumerable(makePathsRelative: true)).Build();
        string[] paths = [.. registered.SelectMany(static section => section.Settings)];
        var (flat, rootless) = (new FlatSettings(paths), new RootlessSettings(paths));

        // The value of the root is another product's: ZEROTRUST=1.
        return SettingsCheck.Run(Root, shape, value: null, snapshot).Select(static fault => fault.Message)
            .Concat(configuration.GetChildren()
                .Where(static other => !other.Key.Equals(Root, StringComparison.OrdinalIgnoreCase))
                .SelectMany(other => IsMeantToBeRoot(other)
                    ? [$"{LogText.Fact(other.Key)}: {MeantToBeRoot}"]
                    : flat.FaultsOf(other).Concat(rootless.FaultsOf(other))));
    }

    /// <summary>Sections that are filled in and read by no registered package, each with the call that is missing.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Unread(IConfiguration configuration, IReadOnlyCollection<SettingsSection> registered) =>
        Sections.Where(section =>
            configuration.GetSection(section.Key).Exists() && !registered.Any(known => known.Path.Equals(section.Key, StringComparison.OrdinalIgnoreCase)));

    private static SettingShape ShapeOf(IReadOnlyCollection<string> paths, string place) =>
        paths.Any(path => path.Equals(place, StringComparison.OrdinalIgnoreCase))
            ? SettingShape.Foreign
            : SettingShape.Section([.. paths
                .Where(path => path.StartsWith(place + ":", StringComparison.OrdinalIgnoreCase))
                .Select(path => path[(place.Length + 1)..].Split(':')[0])
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Select(name => (name, ShapeOf(paths, $"{place}:{name}")))]);

    // ZeroTurst:Mtls, or ZeroTrust_Mtls__TrustDomain in the environment. Of a value alone only a whole path tells what was meant:
    // Kubernetes sets ZEROTRUST_PORT for a service of that name.
    private static bool IsMeantToBeRoot(IConfigurationSection other) =>
        other.GetChildren().Any()
        && (NearestName.Distance(other.Key, Root) <= MaxSlips
            || Sections.Keys.Any(section => section.Split(':') is [_, var name, ..]
                && other.Key.StartsWith(Root, StringComparison.OrdinalIgnoreCase)
                && other.Key[Root.Length..].TrimStart('_', '-', '.').Equals(name, StringComparison.OrdinalIgnoreCase)));
}
