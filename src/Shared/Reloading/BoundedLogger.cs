using Microsoft.Extensions.Logging;

namespace ZeroTrust.Shared;

/// <summary>
/// Logs for loops, revocations, readiness and drains, which no log provider may hold. One that works has logged an entry when the call returns.
/// </summary>
internal sealed class BoundedLogger : ILogger
{
    private static readonly Action<ILogger, long, Exception?> EntriesDropped = LoggerMessage.Define<long>(
        LogLevel.Warning,
        new EventId(903, nameof(EntriesDropped)),
        "{Count} entries were dropped while a log provider or a meter listener did not return.");

    private readonly QuietLogger _inner;
    private readonly BoundedCalls _calls;

    public BoundedLogger(ILogger inner)
    {
        _inner = inner as QuietLogger ?? new QuietLogger(inner);
        _calls = new BoundedCalls(count => EntriesDropped(_inner, count, null));
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    // A provider may hang here as well, so it is asked on the thread apart.
    public bool IsEnabled(LogLevel logLevel) => !_calls.IsApart || _inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _calls.Run(() =>
    {
        if (_inner.IsEnabled(logLevel))
        {
            _inner.Log(logLevel, eventId, state, exception, formatter);
        }
    });

    /// <summary>Logs and measures several things that are waited for together.</summary>
    public void Run(Action call) => _calls.Run(call);
}
