using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using ZeroTrust.HealthChecks.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.HealthChecks.Internal;

/// <summary>Runs one health check again and again, with a hard deadline, never twice at once, and reports each outcome.</summary>
internal sealed class CheckPoller(
    CheckPlan plan, ReadinessHub hub, IServiceScopeFactory scopes, TimeProvider time, HealthMetrics metrics, ILogger logger)
{
    private const double JitterPart = 0.1;

    private readonly BoundedLogger _logger = new(logger);

    private string Name => plan.Check.Name;

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await Task.Delay(plan.Check.Delay ?? TimeSpan.Zero, time, stop).ConfigureAwait(false);
            while (true)
            {
                var ready = await PollAsync(stop).ConfigureAwait(false);
                if (ready && plan.IsOnce)
                {
                    return;
                }

                await Task.Delay(Jitter.Shorten(plan.Period, JitterPart), time, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task<bool> PollAsync(CancellationToken stop)
    {
        var pushes = hub.PushesOf(Name);
        var began = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(plan.Timeout, time);
        using var token = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);

        // On the pool: a check that blocks before its first await must not block its own deadline.
        var check = Task.Run(() => CheckAsync(token.Token), CancellationToken.None);
        HealthCheckResult? result = null;
        var error = "timeout";
        try
        {
            result = await check.WaitAsync(plan.Timeout, time, stop).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!check.IsCompleted)
        {
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The wait may end before the linked token is told of the same stop, and leaving would unlink it: the check would never hear.
            await token.CancelAsync().ConfigureAwait(false);
            throw;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            error = exception.GetType().FullName ?? "exception";
            result = HealthCheckResult.Unhealthy(error, exception);
        }

        stop.ThrowIfCancellationRequested();
        if (result is { Status: not HealthStatus.Unhealthy })
        {
            var state = result.Value.Status == HealthStatus.Degraded ? DependencyState.Degraded : DependencyState.Ready;
            var isUsable = hub.Complete(Name, pushes, state, result.Value.Description);
            _logger.Run(() => metrics.Checked(Name, time.GetElapsedTime(began), error: null));
            return isUsable;
        }

        error = result is { Exception: null } ? "unhealthy" : error;
        hub.Complete(Name, pushes, DependencyState.NotReady, result is { } answer ? answer.Description ?? error : error);
        _logger.Run(() => metrics.Checked(Name, time.GetElapsedTime(began), error));
        if (!check.IsCompleted)
        {
            Log.CheckTimedOut(_logger, Name, plan.Timeout);

            // It no longer counts, but it still runs: asking again before it ends would pile calls onto a dependency that hangs.
            await ((Task)check).WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        else
        {
            Log.CheckFailed(_logger, Name, error, result?.Exception);
        }

        return false;
    }

    private async Task<HealthCheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var check = plan.Check.Factory(scope.ServiceProvider);
            return await check.CheckHealthAsync(new HealthCheckContext { Registration = plan.Check }, cancellationToken).ConfigureAwait(false);
        }
    }
}
