using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.HealthChecks.Diagnostics;

namespace ZeroTrust.HealthChecks.Tests.Infrastructure;

/// <summary>A hub on a clock that only the test moves.</summary>
internal sealed class TestHub : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddLogging(logging => logging.AddFakeLogging()).BuildServiceProvider();

    public TestHub(Action<HealthOptions>? configure = null, bool hostStarted = true)
    {
        configure?.Invoke(Options);
        Metrics = new HealthMetrics(Meters);
        Hub = new ReadinessHub(Microsoft.Extensions.Options.Options.Create(Options), Time, Metrics, _services.GetRequiredService<ILogger<ReadinessHub>>());
        if (hostStarted)
        {
            Hub.HostStarted();
        }
    }

    public HealthOptions Options { get; } = new();

    public FakeTimeProvider Time { get; } = new();

    public HealthMetrics Metrics { get; }

    public ReadinessHub Hub { get; }

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public FakeLogCollector Logs => _services.GetFakeLogCollector();

    public ILogger<T> Logger<T>() => _services.GetRequiredService<ILogger<T>>();

    public void Dispose()
    {
        Hub.Dispose();
        _services.Dispose();
    }
}
