using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.HealthChecks.Diagnostics;

namespace ZeroTrust.HealthChecks.Internal;

/// <summary>Ties readiness to the life of the host. Lifecycle hooks surround the servers: checks run before they listen and after they close.</summary>
internal sealed class HealthLifecycle(
    IOptions<HealthOptions> options,
    ReadinessHub hub,
    CheckSupervisor supervisor,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<HealthLifecycle> logger) : IHostedLifecycleService, IDisposable
{
    private CancellationTokenRegistration _stopping;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // On a signal this comes before StoppingAsync, and before any other service's StoppingAsync can delay ours.
        _stopping = lifetime.ApplicationStopping.Register(hub.BeginDrain);
        supervisor.Start();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        hub.HostStarted();
        var state = hub.Current;
        if (!state.IsReady)
        {
            Log.WaitingForDependencies(logger, state.Unusable());
        }

        return Task.CompletedTask;
    }

    /// <summary>Runs before any server stops: the listeners stay open, and calls are served, until this returns.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        hub.BeginDrain();
        Log.DrainStarted(logger, options.Value.PropagationDelay);
        await Task.Delay(options.Value.PropagationDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        hub.CompleteDrain();
        Log.DrainCompleted(logger);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs after the servers stopped, so that staleness refuses nothing that was still in flight.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken) => supervisor.StopAsync(cancellationToken);

    public void Dispose() => _stopping.Dispose();
}
