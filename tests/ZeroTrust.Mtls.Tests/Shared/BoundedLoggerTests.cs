using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Tests.Shared;

/// <summary>A logger for code that no log provider may hold.</summary>
public sealed class BoundedLoggerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Provider _provider = new();
    private readonly BoundedLogger _logger;

    public BoundedLoggerTests() => _logger = new BoundedLogger(_provider);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _provider.Gate.Set();

    [Fact]
    public void An_entry_is_logged_when_the_call_returns()
    {
        for (var i = 0; i < 100; i++)
        {
            Write(i);
            Assert.Equal(i + 1, _provider.Written.Count);
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"entry {i}"), _provider.Written, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Callers_go_on_while_a_provider_hangs_and_what_was_dropped_is_told_when_it_comes_back(bool inIsEnabled)
    {
        const int dropped = 40;
        (inIsEnabled ? ref _provider.HangsInIsEnabled : ref _provider.Hangs) = true;
        await DoAsync(() => Write(0));
        await DoAsync(() =>
        {
            for (var i = 1; i <= BoundedCalls.MostWaiting + dropped; i++)
            {
                Write(i);
            }
        });
        Assert.Empty(_provider.Written);

        _provider.Gate.Set();
        await Eventually.TrueAsync(() => _provider.Written.Count == BoundedCalls.MostWaiting + 2, "Not all came.");
        Assert.Equal(Enumerable.Range(0, BoundedCalls.MostWaiting + 1).Select(i => $"entry {i}"), _provider.Written.Take(BoundedCalls.MostWaiting + 1), StringComparer.Ordinal);
        Assert.Equal("40 entries were dropped while a log provider or a meter listener did not return.", _provider.Written.Last());

        await Eventually.TrueAsync(
            () =>
            {
                var before = _provider.Written.Count;
                Write(1000);
                return _provider.Written.Count == before + 1;
            },
            "An entry is not logged when the call returns.");
    }

    [Fact]
    public void A_provider_that_throws_ends_neither_the_caller_nor_the_next_entry()
    {
        _provider.Throws = true;
        Write(0);
        _provider.Throws = false;
        Write(1);

        Assert.Equal(["entry 1"], _provider.Written, StringComparer.Ordinal);
    }

    [Fact]
    public void Entries_of_one_run_are_logged_together_with_the_activity_of_the_caller()
    {
        using var activity = new Activity("mine").Start();
        string? seen = null;
        _logger.Run(() =>
        {
            Write(0);
            Write(1);
            seen = Activity.Current?.OperationName;
            throw new InvalidOperationException("mine");
        });

        Assert.Equal(["entry 0", "entry 1"], _provider.Written, StringComparer.Ordinal);
        Assert.Equal("mine", seen);
    }

    [Fact]
    public async Task A_provider_that_logs_through_the_same_logger_does_not_wait_for_itself()
    {
        _provider.Echo = () => Write(1);
        await DoAsync(() => Write(0));

        Assert.Equal(["entry 0", "entry 1"], _provider.Written, StringComparer.Ordinal);
    }

    [Fact]
    public void Entries_below_the_level_of_the_provider_are_not_logged()
    {
        _logger.Log(LogLevel.Trace, default, 0, null, static (_, _) => "entry");

        Assert.Empty(_provider.Written);
    }

    private static Task DoAsync(Action action) => Task.Run(action, Cancelled).WaitAsync(Patience, Cancelled);

    private void Write(int number) => _logger.Log(LogLevel.Information, default, number, null, static (number, _) => $"entry {number}");

    private sealed class Provider : ILogger
    {
        public volatile bool Throws;
        public bool Hangs;
        public bool HangsInIsEnabled;

        public ManualResetEventSlim Gate { get; } = new();

        public ConcurrentQueue<string> Written { get; } = new();

        public Action? Echo { get; set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel)
        {
            Wait(HangsInIsEnabled);
            return logLevel > LogLevel.Trace;
        }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Wait(Hangs);
            Written.Enqueue(Throws ? throw new InvalidOperationException("mine") : formatter(state, exception));
            var echo = Echo;
            Echo = null;
            echo?.Invoke();
        }

        private void Wait(bool hangs)
        {
            if (hangs)
            {
                Gate.Wait(Cancelled);
            }
        }
    }
}
