using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ZeroTrust.Tool.Service;

/// <summary>What the service would log at its start that an operator has to know.</summary>
internal sealed class LoadWarnings : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _texts = [];

    public IReadOnlyList<string> Texts => [.. _texts.Distinct(StringComparer.Ordinal)];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _texts.Enqueue(formatter(state, exception));
        }
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
