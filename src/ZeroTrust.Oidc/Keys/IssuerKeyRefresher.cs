using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ZeroTrust.Oidc.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.Oidc.Keys;

/// <summary>Keeps the discovered keys fresh while the host runs, so that a withdrawn key ends even where nobody calls.</summary>
/// <remarks>The source is asked for when the host starts: made earlier, it would report its own bad options and hide those of all others.</remarks>
internal sealed class IssuerKeyRefresher(IServiceProvider services, TimeProvider time, ILogger<IssuerKeyRefresher> logger) : BackgroundService
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly WatchEvents _events = OidcEvents.To(logger);
    private IssuerHealth? _health;
    private ITimer? _reports;

    private DiscoveredKeySource? Source => services.GetRequiredService<IIssuerKeySource>() as DiscoveredKeySource;

    // Before anything listens: a service is not ready until it holds the keys of its issuers.
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        var health = _health = new IssuerHealth(new ReadinessReporter(services.GetServices<IReadinessSignal>(), _events));
        if (Source is { } source)
        {
            source.Report(health);

            // Beside the loops, since one that stopped could not report that it did.
            _reports = time.CreateTimer(_ => source.Report(health), state: null, ReportInterval, ReportInterval);
        }

        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _reports?.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Source?.KeepFreshAsync(_health!, _events, stoppingToken) ?? Task.CompletedTask;
}
