using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ZeroTrust.IntegrationTests.TrustFiles;

/// <summary>Keeps what the service says of its sources, and the codes of its refusals.</summary>
internal sealed class TableLog : ILoggerProvider, ILogger
{
    private static readonly string[] OfSources =
    [
        "SourceReloaded", "SourceReloadFailed", "SourceShrank", "SourceDoubted", "EdgeCertificateReloaded", "EdgeCertificateReloadFailed",
        "TokenServiceKeysLoaded", "TokenServiceKeysUnreadable",
    ];

    private readonly ConcurrentQueue<(LogLevel Level, string Name, string Text)> _lines = new();
    private readonly ConcurrentDictionary<string, bool> _codes = new(StringComparer.Ordinal);

    public int Count => _lines.Count;

    public IEnumerable<string> Codes => _codes.Keys.Order(StringComparer.Ordinal);

    public IEnumerable<(LogLevel Level, string Name, string Text)> Since(int count) => _lines.Skip(count);

    public ILogger CreateLogger(string categoryName) => this;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (OfSources.Contains(eventId.Name, StringComparer.Ordinal))
        {
            _lines.Enqueue((logLevel, eventId.Name!, formatter(state, exception)));
        }

        if (state is IEnumerable<KeyValuePair<string, object?>> values && values.FirstOrDefault(value => value.Key == "error.type").Value is string code)
        {
            _codes[code] = true;
        }
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose()
    {
        // Nothing is held.
    }
}
