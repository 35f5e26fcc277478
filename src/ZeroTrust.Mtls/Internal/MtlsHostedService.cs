using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls.Diagnostics;

namespace ZeroTrust.Mtls.Internal;

/// <summary>Checks the sources before anything listens, then polls them and tells readiness how they are.</summary>
internal sealed class MtlsHostedService(
    IServiceProvider services,
    IOptions<MtlsOptions> options,
    TimeProvider time,
    ILogger<MtlsHostedService> logger) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _polling = Task.CompletedTask;
    private IPeerCredentialSource? _credentials;
    private ITrustBundleSource? _bundles;
    private MtlsHealth? _health;
    private Weakenings? _weakenings;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // Made here and not with this service, so that the faults of all options are told before the first file is read.
        var credentials = _credentials = services.GetRequiredService<IPeerCredentialSource>();
        _bundles = services.GetRequiredService<ITrustBundleSource>();
        _ = services.GetRequiredService<MtlsClients>();
        _health = new MtlsHealth(_credentials, _bundles, [.. services.GetServices<IReadinessSignal>()], time, logger);
        var weakenings = _weakenings = new Weakenings(services.GetServices<Weakening>(), _bundles, logger);
        var metrics = new MtlsMetrics(services.GetService<IMeterFactory>());
        metrics.ObserveRemainingLife(() => credentials.GetCredential().NotAfter - time.GetUtcNow());
        metrics.ObserveWeakenings(() => weakenings.Current);
        Tell();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _polling = PollAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Connections drain until now, and may need the next certificate while they do.
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _polling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // A host that failed to start is disposed without being stopped, and must not go on reading files.
    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task PollAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.Value.ReloadInterval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            (_credentials as FilePeerCredentialSource)?.Poll();
            (_bundles as FileTrustBundleSource)?.Poll();
            Tell();
        }
    }

    private void Tell()
    {
        _weakenings!.Tell();
        _health!.Report();
    }
}
