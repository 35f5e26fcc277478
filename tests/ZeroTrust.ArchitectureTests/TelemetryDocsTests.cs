using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Logging;

namespace ZeroTrust.ArchitectureTests;

public sealed class TelemetryDocsTests
{
    [Fact]
    public void Every_event_is_documented_with_its_number()
    {
        var page = Repository.Read("docs", "reference", "telemetry.md");
        var missing = Events().Where(log => !page.Contains(
            string.Create(CultureInfo.InvariantCulture, $"| {log.EventId} | `{log.EventName}` | {log.Level} |"), StringComparison.Ordinal));

        Assert.Empty(missing.Select(log => string.Create(CultureInfo.InvariantCulture, $"| {log.EventId} | `{log.EventName}` | {log.Level} |")));
    }

    [Fact]
    public void Event_numbers_are_never_reused()
    {
        var repeated = Events().GroupBy(log => log.EventId).Where(group => group.Count() > 1).Select(group => group.Key);

        Assert.Empty(repeated);
    }

    [Fact]
    public void Meters_and_sources_are_documented()
    {
        var page = Repository.Read("docs", "reference", "telemetry.md");
        var names = Packages.PublicTypes()
            .Where(type => type.Name.EndsWith("Telemetry", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral))
            .Select(field => (string)field.GetRawConstantValue()!);

        Assert.Empty(names.Where(name => !page.Contains($"`{name}`", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal));
    }

    private static IEnumerable<LoggerMessageAttribute> Events() =>
        from package in Packages.All.Keys
        from type in Packages.Load(package).GetTypes()
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        let attribute = method.GetCustomAttribute<LoggerMessageAttribute>()
        where attribute is not null
        select attribute;
}
