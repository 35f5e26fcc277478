using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls;

namespace ZeroTrust.Authz.Internal;

/// <summary>Reads the keys of token services before anything listens, and keeps them current, as often as the own certificate.</summary>
internal sealed class TokenServiceKeyPolling(IServiceProvider services, IOptions<MtlsOptions> mtls, TimeProvider time) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _polling = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // Made here and not with this service, so that the faults of all options are told before the first file is read.
        if (services.GetRequiredService<ITokenServiceKeySource>() is FileTokenServiceKeySource files)
        {
            _polling = PollAsync(files, _stopping.Token);
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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

    private async Task PollAsync(FileTokenServiceKeySource files, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(mtls.Value.ReloadInterval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            files.Reload();
        }
    }
}
