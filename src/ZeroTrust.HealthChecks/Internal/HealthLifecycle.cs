using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.HealthChecks.Diagnostics;

namespace ZeroTrust.HealthChecks.Internal;

/// <summary>Ties readiness to the life of the host. Lifecycle hooks surround the servers: checks run before they listen and after they close.</summary>
/// <remarks>The hub is asked for when the host starts: made earlier, it would tell its own bad options and hide everybody else's.</remarks>
internal sealed class HealthLifecycle(
    IServiceProvider services,
    IOptions<HealthOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<HealthLifecycle> logger) : IHostedLifecycleService, IDisposable
{
    private CancellationTokenRegistration _stopping;
    private bool _begun;

    private ReadinessHub Hub => services.GetRequiredService<ReadinessHub>();

    private CheckSupervisor Supervisor => services.GetRequiredService<CheckSupervisor>();

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // On a signal this comes before StoppingAsync, and before any other service's StoppingAsync can delay ours.
        _stopping = lifetime.ApplicationStopping.Register(Hub.BeginDrain);
        Supervisor.Start();
        _begun = true;
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        Hub.HostStarted();
        if (Hub.Current is { IsReady: false } state)
        {
            Log.WaitingForDependencies(logger, state.Unusable());
        }

        return Task.CompletedTask;
    }

    /// <summary>Runs before any server stops: the listeners stay open, and calls are served, until this returns.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (!_begun)
        {
            return;
        }

        Hub.BeginDrain();
        Log.DrainStarted(logger, options.Value.PropagationDelay);
        await Task.Delay(options.Value.PropagationDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Hub.CompleteDrain();
        Log.DrainCompleted(logger);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs after the servers stopped, so that staleness refuses nothing that was still in flight.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken) =>
        _begun ? Supervisor.StopAsync(cancellationToken) : Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();
}
