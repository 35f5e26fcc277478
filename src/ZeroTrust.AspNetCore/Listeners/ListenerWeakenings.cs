using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>Logs and counts the checks of listeners that code has weakened, before anything listens.</summary>
internal sealed class ListenerWeakenings(IEnumerable<Weakening> registered, AspNetCoreMetrics metrics, ILogger<ListenerWeakenings> logger) : IHostedService
{
    private readonly Weakening[] _weakenings =
        [.. registered.Where(weakening => weakening.Name.StartsWith(ListenerDangers.Prefix, StringComparison.Ordinal)).Distinct()];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var quiet = new QuietLogger(logger);
        foreach (var weakening in _weakenings)
        {
            Log.ListenerCheckWeakened(quiet, weakening.Name, weakening.Reason);
        }

        metrics.ObserveWeakenings(_weakenings);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
