using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;
using ZeroTrust.HealthChecks.Tests.Infrastructure;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ZeroTrust.HealthChecks.Tests;

/// <summary>A log provider that throws or hangs changes nothing about the drain, from the first signal to the last connection.</summary>
public sealed class BrokenLogDrainTests : IDisposable
{
    private readonly ManualResetEventSlim _gate = new();
    private volatile bool _draining;

    public enum LogProvider
    {
        Works,
        Throws,
        Hangs,
    }

    public static TheoryData<LogProvider> LogProviders => [.. Enum.GetValues<LogProvider>()];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _gate.Set();
        _gate.Dispose();
    }

    [Theory]
    [MemberData(nameof(LogProviders))]
    public async Task The_drain_keeps_its_order_whatever_the_log_provider_does(LogProvider provider)
    {
        await using var host = await HealthHost.StartAsync(services: services => Add(services, provider));
        using var watch = new WatchRecorder(host.Health);
        await watch.ReachesAsync(ServingStatus.Serving);

        var stopped = host.App.WaitForShutdownAsync(Cancelled);
        _draining = true;
        host.App.Lifetime.StopApplication();
        await watch.ReachesAsync(ServingStatus.NotServing);
        Assert.Equal(HttpStatusCode.OK, await host.GetAsync("/work"));
        Assert.False(stopped.IsCompleted);

        await PassTimeAsync(host, stopped);
        using var tcp = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => tcp.ConnectAsync(host.Http1.Host, host.Http1.Port, Cancelled).AsTask());
    }

    [Theory]
    [MemberData(nameof(LogProviders))]
    public async Task A_call_that_does_not_end_is_cut_off_at_the_drain_timeout_whatever_the_log_provider_does(LogProvider provider)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await HealthHost.StartAsync(
            options => options.PropagationDelay = TimeSpan.Zero,
            endpoints => endpoints.MapGet("/slow", async (HttpContext context) =>
            {
                arrived.TrySetResult();
                await never.Task.WaitAsync(context.RequestAborted);
            }).AllowPublic("test").OnListeners(ListenerRoles.Probe),
            services => Add(services, provider));
        var call = host.Client1.GetAsync(new Uri("/slow", UriKind.Relative), Cancelled);
        await arrived.Task.WaitAsync(Cancelled);

        _draining = true;
        var stopping = host.App.StopAsync(Cancelled);
        await PassTimeAsync(host, stopping);
        await Assert.ThrowsAsync<HttpRequestException>(() => call);
    }

    // The delay may begin only after the first signal was told.
    private static async Task PassTimeAsync(HealthHost host, Task end)
    {
        await Eventually.IsTrueAsync(() =>
        {
            host.Time.Advance(TimeSpan.FromSeconds(1));
            return end.IsCompleted;
        });
        await end;
    }

    private void Add(IServiceCollection services, LogProvider provider) => services.AddLogging(logging => logging.AddProvider(new Provider(() =>
    {
        if (provider == LogProvider.Throws)
        {
            throw new InvalidOperationException("The disk is full.");
        }

        // From the drain on: a handshake waits for its log.
        if (provider == LogProvider.Hangs && _draining)
        {
            _gate.Wait();
        }
    })));

    private sealed class Provider(Action strike) : ILoggerProvider, ILogger
    {
        private bool _isOurs;

        public ILogger CreateLogger(string categoryName) =>
            new Provider(strike) { _isOurs = categoryName.StartsWith("ZeroTrust.", StringComparison.Ordinal) };

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (_isOurs)
            {
                strike();
            }
        }

        public void Dispose()
        {
        }
    }
}
