using Microsoft.Extensions.Hosting;

namespace ZeroTrust.Oidc.Keys;

/// <summary>Keeps the discovered keys fresh while the host runs, so that a withdrawn key ends even where nobody calls.</summary>
internal sealed class IssuerKeyRefresher(IIssuerKeySource source) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        source is DiscoveredKeySource discovered ? discovered.KeepFreshAsync(stoppingToken) : Task.CompletedTask;
}
