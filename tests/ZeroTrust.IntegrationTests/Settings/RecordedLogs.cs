using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ZeroTrust.IntegrationTests.Settings;

/// <summary>Keeps what a host logs.</summary>
internal sealed class RecordedLogs : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(int Event, LogLevel Level, string Text)> _records = [];

    public IEnumerable<(int Event, LogLevel Level, string Text)> Records => _records;

    public ILogger CreateLogger(string categoryName) => this;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _records.Enqueue((eventId.Id, logLevel, formatter(state, exception)));

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose()
    {
        // Nothing is held.
    }
}
