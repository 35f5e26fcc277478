using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.HealthChecks.Diagnostics;

namespace ZeroTrust.HealthChecks.Internal;

/// <summary>Runs every registered <see cref="IHealthCheck"/> in a loop of its own: no probe ever runs one, none overlaps itself, none holds up another.</summary>
internal sealed class CheckSupervisor : IDisposable
{
    private readonly HealthOptions _options;
    private readonly List<CheckPoller> _pollers = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public CheckSupervisor(
        IOptions<HealthOptions> options,
        IOptions<HealthCheckServiceOptions> checks,
        ReadinessHub hub,
        IServiceScopeFactory scopes,
        TimeProvider time,
        HealthMetrics metrics,
        ILogger<CheckSupervisor> logger)
    {
        _options = options.Value;
        foreach (var check in checks.Value.Registrations)
        {
            var plan = CheckPlan.For(check, _options);
            hub.Declare(check.Name, plan.Groups, plan.IsCritical, plan.MaxStaleness);
            _pollers.Add(new CheckPoller(plan, hub, scopes, time, metrics, logger));
        }
    }

    public void Start() => _running = Task.WhenAll(_pollers.Select(poller => Task.Run(() => poller.RunAsync(_stop.Token))));

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // A host that failed to start is disposed without being stopped, and its checks must not go on.
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }
}
