using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ZeroTrust.Oidc.Keys;

/// <summary>Keeps the discovered keys fresh while the host runs, so that a withdrawn key ends even where nobody calls.</summary>
/// <remarks>The source is asked for when the host starts: made earlier, it would tell its own bad options and hide everybody else's.</remarks>
internal sealed class IssuerKeyRefresher(IServiceProvider services) : BackgroundService
{
    private IssuerHealth? _health;

    // Before anything listens: a service is not ready until it holds the keys of its issuers.
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _health = new IssuerHealth(services.GetServices<IReadinessSignal>());
        Source?.Report(_health);
        return base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Source?.KeepFreshAsync(_health!, stoppingToken) ?? Task.CompletedTask;

    private DiscoveredKeySource? Source => services.GetRequiredService<IIssuerKeySource>() as DiscoveredKeySource;
}
