using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.AspNetCore;
using ZeroTrust.HealthChecks.Diagnostics;
using ZeroTrust.Shared;

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
    // For a stream to tell its client why it ends.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(250);

    private readonly BoundedLogger _logger = new(logger);
    private readonly CancellationTokenSource _stopped = new();
    private CancellationTokenRegistration _stopping;
    private Task _ending = Task.CompletedTask;
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
            Log.WaitingForDependencies(_logger, state.Unusable());
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
        Log.DrainStarted(_logger, options.Value.PropagationDelay);
        await Task.Delay(options.Value.PropagationDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Hub.CompleteDrain();
        Log.DrainCompleted(_logger);
        _ending = EndCallsAsync(_stopped.Token);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs after the servers stopped, so that staleness refuses nothing that was still in flight.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stopped.CancelAsync().ConfigureAwait(false);
        await _ending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_begun)
        {
            await Supervisor.StopAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _stopped.Cancel();
        _stopped.Dispose();
    }

    /// <summary>Goes on while the servers wait for their connections to end: streams are told, then whatever is left is cut off.</summary>
    private async Task EndCallsAsync(CancellationToken stopped)
    {
        await Task.Delay(options.Value.DrainTimeout, time, stopped).ConfigureAwait(false);
        await Hub.EndStreamsAsync().ConfigureAwait(false);
        await Task.Delay(AnswerTime, time, stopped).ConfigureAwait(false);
        var connections = services.GetRequiredService<OpenConnections>().AbortAll(HealthRefusals.Family.CodeOf(HealthRejectionReason.Draining));
        Log.DrainTimedOut(_logger, options.Value.DrainTimeout, connections);
    }
}
