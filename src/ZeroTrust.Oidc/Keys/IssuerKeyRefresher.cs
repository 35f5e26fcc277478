using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ZeroTrust.Oidc.Keys;

/// <summary>Keeps the discovered keys fresh while the host runs, so that a withdrawn key ends even where nobody calls.</summary>
/// <remarks>The source is asked for when the host starts: made earlier, it would tell its own bad options and hide everybody else's.</remarks>
internal sealed class IssuerKeyRefresher(IServiceProvider services) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        services.GetRequiredService<IIssuerKeySource>() is DiscoveredKeySource discovered ? discovered.KeepFreshAsync(stoppingToken) : Task.CompletedTask;
}
