using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ZeroTrust.Authz.Diagnostics;

namespace ZeroTrust.Authz.Internal;

/// <summary>Tells at start, and counts from then on, which checks of the context code has weakened.</summary>
internal sealed class WeakeningReport(IEnumerable<Weakening> registered, AuthzMetrics metrics, ILogger<WeakeningReport> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Weakening[] weakenings = [.. registered.Where(weakening => weakening.Name.StartsWith(AuthzDangers.Prefix, StringComparison.Ordinal)).Distinct()];
        foreach (var weakening in weakenings)
        {
            Log.CheckWeakened(logger, weakening.Name, weakening.Reason);
        }

        metrics.ObserveWeakenings(weakenings);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
