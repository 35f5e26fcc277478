using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.HealthChecks.Tests.Infrastructure;

namespace ZeroTrust.HealthChecks.Tests;

public sealed class ReadinessSignalTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Receivers_of_the_application_hear_every_report_beside_the_hub_whenever_they_were_registered(bool before, bool after)
    {
        var first = new Signal();
        var second = new Signal();
        await using var host = await HealthHost.StartAsync(
            before: services => Add(services, before, first), services: services => Add(services, after, second));

        Assert.Contains(host.Hub.Current.Dependencies, dependency => dependency is { Name: "mtls.credential", State: DependencyState.Ready });
        Assert.Equal(before, first.Told.Contains("mtls.credential Ready", StringComparer.Ordinal));
        Assert.Equal(after, second.Told.Contains("mtls.credential Ready", StringComparer.Ordinal));
        Assert.Single(host.App.Services.GetServices<IReadinessSignal>(), signal => signal is ReadinessHub);
    }

    private static void Add(IServiceCollection services, bool isWanted, Signal signal)
    {
        if (isWanted)
        {
            services.AddSingleton<IReadinessSignal>(signal);
        }
    }

    private sealed class Signal : IReadinessSignal
    {
        public ConcurrentQueue<string> Told { get; } = new();

        public void Report(string dependency, DependencyState state, string? reason = null) => Told.Enqueue($"{dependency} {state}");
    }
}
