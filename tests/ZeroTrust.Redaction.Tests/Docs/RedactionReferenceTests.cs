using System.Reflection;
using Microsoft.Extensions.Logging;
using ZeroTrust.Tests.Support;
using ZeroTrust.Redaction.Diagnostics;

namespace ZeroTrust.Redaction.Tests.Docs;

/// <summary>What the policy reports about itself is in the reference, name by name.</summary>
public sealed class RedactionReferenceTests
{
    [Fact]
    public void Event_is_documented_with_its_number_and_message()
    {
        var page = Documents.Read("docs", "reference", "telemetry.md");
        var lines = new List<string>();
        var logger = new Recording(lines);
        Log.RedactionReloaded(logger);
        Log.RedactionReloadFailed(logger, "a");
        Log.DetectorSwitchedOff(logger, "a");

        Assert.Equal(typeof(Log).GetMethods(BindingFlags.Public | BindingFlags.Static).Length, lines.Count);
        Assert.All(lines, line => Assert.Contains(line, page, StringComparison.Ordinal));
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
