using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.HealthChecks.Diagnostics;

namespace ZeroTrust.HealthChecks.Tests;

/// <summary>A log provider or a meter listener that hangs: readiness changes, its readers hear of it, and whoever reports goes on.</summary>
public sealed class HangingTellTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualResetEventSlim _gate = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services;
    private readonly MeterListener _meters = new();
    private volatile Hangs _hangs;
    private volatile int _hung;

    public HangingTellTests() => _services = new ServiceCollection()
        .AddMetrics()
        .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new Provider(() => Strike(Hangs.LogProvider))))
        .BuildServiceProvider();

    public enum Hangs
    {
        Nothing,
        LogProvider,
        MeterListener,
    }

    public static TheoryData<Hangs> All => [.. Enum.GetValues<Hangs>()];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _gate.Set();
        _gate.Dispose();
        _meters.Dispose();
        _services.Dispose();
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Readiness_is_lost_and_readers_hear_of_it_before_anything_is_told(Hangs hangs)
    {
        using var hub = NewHub(hangs);
        hub.Report("db", DependencyState.Ready);
        Assert.True(hub.Current.IsServing);
        var change = hub.WaitForChangeAsync(hub.Current.Version, Cancelled).AsTask();
        _hangs = hangs;

        var report = DoAsync(() => hub.Report("db", DependencyState.NotReady, "gone"));
        Assert.False((await change.WaitAsync(Patience, Cancelled)).IsServing);
        Assert.False((await DoAsync(() => hub.Current)).IsServing);
        await report;

        await DoAsync(() => hub.Report("db", DependencyState.Ready));
        Assert.True(hub.Current.IsServing);
        await DoAsync(hub.BeginDrain);
        Assert.True(hub.Current.IsDraining);
        Assert.Equal(hangs != Hangs.Nothing, _hung > 0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_report_that_grew_stale_is_not_ready_whoever_asks_first(Hangs hangs)
    {
        using var hub = NewHub(hangs, options => options.Dependencies["db"] = new DependencyOptions { MaxStaleness = TimeSpan.FromSeconds(10) });
        hub.Report("db", DependencyState.Ready);
        Assert.True(hub.Current.IsServing);
        _hangs = hangs;

        await DoAsync(() => _time.Advance(TimeSpan.FromSeconds(11)));
        Assert.False((await DoAsync(() => hub.Current)).IsServing);
        Assert.Equal(hangs != Hangs.Nothing, _hung > 0);
    }

    private static Task DoAsync(Action action) => Task.Run(action, Cancelled).WaitAsync(Patience, Cancelled);

    private static Task<T> DoAsync<T>(Func<T> function) => Task.Run(function, Cancelled).WaitAsync(Patience, Cancelled);

    private ReadinessHub NewHub(Hangs hangs, Action<HealthOptions>? configure = null)
    {
        var options = new HealthOptions();
        configure?.Invoke(options);
        var factory = _services.GetRequiredService<IMeterFactory>();
        var hub = new ReadinessHub(Options.Create(options), _time, new HealthMetrics(factory), _services.GetRequiredService<ILogger<ReadinessHub>>());
        hub.HostStarted();
        if (hangs == Hangs.MeterListener)
        {
            _meters.InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _meters.SetMeasurementEventCallback<long>((_, _, _, _) => Strike(Hangs.MeterListener));
            _meters.Start();
        }

        return hub;
    }

    private void Strike(Hangs what)
    {
        if (_hangs == what)
        {
            _hung++;
            _gate.Wait();
        }
    }

    private sealed class Provider(Action strike) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => strike();

        public void Dispose()
        {
        }
    }
}
