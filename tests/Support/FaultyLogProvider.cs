using Microsoft.Extensions.Logging;

namespace ZeroTrust.Tests.Support;

/// <summary>A log provider that goes wrong at the product's events; those of the framework are not the product's to survive.</summary>
/// <param name="fault">What becomes of it.</param>
/// <param name="isStruck">The events at which it goes wrong, by name; null for all.</param>
internal sealed class FaultyLogProvider(Fault fault, Predicate<string?>? isStruck = null) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName.StartsWith("ZeroTrust", StringComparison.Ordinal));

    public void Dispose()
    {
    }

    private void Strike(EventId eventId)
    {
        if (isStruck?.Invoke(eventId.Name) != false)
        {
            fault.Strike();
        }
    }

    private sealed class Logger(FaultyLogProvider provider, bool isOfTheProduct) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (isOfTheProduct)
            {
                provider.Strike(eventId);
            }
        }
    }
}
