using System.Reflection;
using Microsoft.Extensions.Logging;
using ZeroTrust.Tests.Support;
using ZeroTrust.OpenTelemetry.Diagnostics;

namespace ZeroTrust.OpenTelemetry.Tests.Docs;

/// <summary>What redaction reports about itself is in the reference, name by name.</summary>
public sealed class TelemetryReferenceTests
{
    private static readonly string Page = Documents.Read("docs", "reference", "telemetry.md");

    public static TheoryData<string> Instruments => new(RedactionMetrics.RecordsRedacted, RedactionMetrics.RecordsDropped, RedactionMetrics.ValuesRedacted);

    [Theory]
    [MemberData(nameof(Instruments))]
    public void Instrument_is_documented(string name) => Assert.Contains($"| `{name}` |", Page, StringComparison.Ordinal);

    [Theory]
    [InlineData(typeof(Signals))]
    [InlineData(typeof(DropCauses))]
    [InlineData(typeof(RuleKinds))]
    public void Closed_set_is_documented(Type set)
    {
        var row = Page.Split('\n').Where(static line => line.StartsWith("| `zerotrust.opentelemetry.", StringComparison.Ordinal));

        Assert.All(
            set.GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => (string)field.GetRawConstantValue()!),
            value => Assert.Contains(row, line => line.Contains($"`{value}`", StringComparison.Ordinal)));
    }

    [Fact]
    public void Event_is_documented_with_its_number_and_message()
    {
        var lines = new List<string>();
        var logger = new Recording(lines);
        Log.ExportReloaded(logger);
        Log.ExportReloadFailed(logger, "a");
        Log.ExportStopped(logger, "a", "b");
        Log.MetricDropped(logger, "a", "b", "c");
        Log.Redacted(logger, "a", "b", "c", "d");

        Assert.Equal(typeof(Log).GetMethods(BindingFlags.Public | BindingFlags.Static).Length, lines.Count);
        Assert.All(lines, line => Assert.Contains(line, Page, StringComparison.Ordinal));
    }

    private sealed class Recording(List<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var template = ((IReadOnlyList<KeyValuePair<string, object?>>)state!)[^1].Value;
            lines.Add($"| {eventId.Id} | `{eventId.Name}` | {logLevel} | {template} |");
        }
    }
}
