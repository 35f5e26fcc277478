using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ZeroTrust.IntegrationTests.Mesh;

/// <summary>Keeps the events of one host.</summary>
internal sealed class EventLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(string? Name, string Message)> _events = new();

    public IEnumerable<string> Named(string name) => _events.Where(entry => entry.Name == name).Select(entry => entry.Message);

    public ILogger CreateLogger(string categoryName) => new Writer(_events);

    public void Dispose()
    {
    }

    private sealed class Writer(ConcurrentQueue<(string? Name, string Message)> events) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            events.Enqueue((eventId.Name, formatter(state, exception)));
    }
}
