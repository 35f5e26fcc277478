using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ZeroTrust.Oidc.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.Oidc.Keys;

/// <summary>Keeps the discovered keys fresh while the host runs, so that a withdrawn key ends even where nobody calls.</summary>
/// <remarks>
/// The source is asked for when the host starts: made earlier, it would report its own bad options and hide those of all others.
/// No BackgroundService: of a host that failed to start, its end by disposal would be logged as a failure of the work.
/// </remarks>
internal sealed class IssuerKeyRefresher(IServiceProvider services, TimeProvider time, ILogger<IssuerKeyRefresher> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly WatchEvents _events = OidcEvents.To(logger);
    private readonly CancellationTokenSource _stopping = new();
    private ITimer? _reports;
    private int _isDisposed;

    /// <summary>The work; no stop and no disposal makes it fail.</summary>
    internal Task Refreshing { get; private set; } = Task.CompletedTask;

    // Before anything listens: a service is not ready until it holds the keys of its issuers.
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var health = new IssuerHealth(new ReadinessReporter(services.GetServices<IReadinessSignal>(), _events));
        if (services.GetRequiredService<IIssuerKeySource>() is DiscoveredKeySource source)
        {
            source.Report(health);

            // Beside the loops, since one that stopped could not report that it did.
            _reports = time.CreateTimer(_ => source.Report(health), state: null, ReportInterval, ReportInterval);
            var stopping = _stopping.Token;
            Refreshing = Task.Run(() => source.KeepFreshAsync(health, _events, stopping), CancellationToken.None);
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Refreshing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // The container disposes it after a caller has.
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _reports?.Dispose();
        _stopping.Cancel();
        _stopping.Dispose();
    }
}
