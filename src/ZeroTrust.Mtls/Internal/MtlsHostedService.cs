using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls.Diagnostics;

namespace ZeroTrust.Mtls.Internal;

/// <summary>Checks the sources before anything listens, then polls them and tells readiness whether the own certificate holds.</summary>
internal sealed class MtlsHostedService(
    IServiceProvider services,
    IOptions<MtlsOptions> options,
    TimeProvider time,
    ILogger<MtlsHostedService> logger) : IHostedLifecycleService, IDisposable
{
    private const string Dependency = "mtls.credential";

    private readonly CancellationTokenSource _stopping = new();
    private Task _polling = Task.CompletedTask;
    private DependencyState _reported;
    private IPeerCredentialSource? _credentials;
    private ITrustBundleSource? _bundles;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // Made here and not with this service, so that the faults of all options are told before the first file is read.
        _credentials = services.GetRequiredService<IPeerCredentialSource>();
        _bundles = services.GetRequiredService<ITrustBundleSource>();
        _ = (_bundles.GetBundles(), services.GetRequiredService<MtlsClients>());
        ReportCredential();
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
            (_credentials as FilePeerCredentialSource)?.Reload();
            (_bundles as FileTrustBundleSource)?.Reload();
            ReportCredential();
        }
    }

    private void ReportCredential()
    {
        var credential = _credentials!.GetCredential();
        var state = time.GetUtcNow() <= credential.NotAfter ? DependencyState.Ready : DependencyState.NotReady;
        if (state == _reported)
        {
            return;
        }

        _reported = state;
        if (state == DependencyState.NotReady)
        {
            Log.CredentialExpired(logger, credential);
        }

        foreach (var signal in services.GetServices<IReadinessSignal>())
        {
            signal.Report(Dependency, state, state == DependencyState.Ready ? null : "The own certificate has expired.");
        }
    }
}
