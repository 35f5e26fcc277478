using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.Oidc.Keys;

namespace ZeroTrust.Oidc.Tests.Keys;

/// <summary>What the application brings along throws; the keys of issuers are refreshed all the same.</summary>
public sealed class WeakenedRefreshTests
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private volatile bool _failing;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("callback")]
    [InlineData("log provider")]
    [InlineData("readiness signal")]
    [InlineData("meter listener")]
    public async Task A_withdrawn_key_ends_and_a_new_one_is_used_whatever_throws(string what)
    {
        await using var host = await OidcHost.StartAsync(_time, configureServices: services =>
        {
            services.AddSingleton<IReadinessSignal>(new Signal(() => _failing && what == "readiness signal"));
            services.AddLogging(logging => logging.AddProvider(new Provider(() => _failing && what == "log provider")));
        });
        using var meters = new MeterListener { InstrumentPublished = (instrument, listener) => Enable(instrument, listener, what) };
        meters.SetMeasurementEventCallback<long>((_, _, _, _) => _ = _failing ? throw new InvalidOperationException("mine") : 0);
        meters.Start();
        var refresher = host.Services.GetServices<IHostedService>().OfType<IssuerKeyRefresher>().Single();
        await refresher.StartAsync(Cancelled);
        Assert.Equal(OidcHost.Accepted, await host.JudgeAsync(host.Token()));
        _failing = true;
        if (what == "callback")
        {
            ChangeToken.OnChange(() => host.Keys.GetReloadToken("main"), () => throw new InvalidOperationException("mine"));
        }

        for (var round = 0; round < 3; round++)
        {
            host.Issuer.RotateKey(keepPublished: false);
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (await KeyIdsAsync(host) != host.Issuer.SigningKey.KeyId)
            {
                _time.Advance(TimeSpan.FromSeconds(10));
                await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
            }
        }

        _failing = false;
        Assert.Equal(OidcHost.Accepted, await host.JudgeAsync(host.Token()));
        await refresher.StopAsync(Cancelled);
    }

    private static async Task<string?> KeyIdsAsync(OidcHost host)
    {
        var verdict = await host.Keys.GetKeysAsync("main", keyId: null, Cancelled);
        return verdict.TryGet(out var keys, out _) ? string.Join(' ', keys.KeyIds) : null;
    }

    private static void Enable(Instrument instrument, MeterListener listener, string what)
    {
        if (what == "meter listener" && instrument.Name == "zerotrust.oidc.key.fetches")
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }

    private sealed class Signal(Func<bool> isFailing) : IReadinessSignal
    {
        public void Report(string dependency, DependencyState state, string? reason = null) => _ = isFailing() ? throw new InvalidOperationException("mine") : 0;
    }

    private sealed class Provider(Func<bool> isFailing) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _ = isFailing() ? throw new InvalidOperationException("mine") : 0;

        public void Dispose()
        {
        }
    }
}
