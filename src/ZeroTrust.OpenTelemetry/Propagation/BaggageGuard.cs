using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;

namespace ZeroTrust.OpenTelemetry.Propagation;

/// <summary>Keeps baggage from destinations that are not listed, for as long as the host runs.</summary>
/// <remarks>Both propagators are process-wide. They are wrapped before any hosted service starts, and again if the start has replaced them.</remarks>
internal sealed class BaggageGuard(BaggageDestinations destinations) : IHostedLifecycleService, IDisposable
{
    private GuardedTextMapPropagator? _textMap;
    private GuardedContextPropagator? _context;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        Install();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        Install();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Also for a host whose start failed, which is never stopped.</summary>
    public void Dispose()
    {
        // Another host of this process may have wrapped ours since; then it takes ours out when it stops.
        destinations.IsStopped = true;
        if (Propagators.DefaultTextMapPropagator is GuardedTextMapPropagator textMap)
        {
            Sdk.SetDefaultTextMapPropagator(textMap.WithoutStopped);
        }

        if (DistributedContextPropagator.Current is GuardedContextPropagator context)
        {
            DistributedContextPropagator.Current = context.WithoutStopped;
        }
    }

    private void Install()
    {
        // The SDK puts its own propagator in place when it is first touched, which must not be after ours.
        RuntimeHelpers.RunClassConstructor(typeof(Sdk).TypeHandle);
        if (_textMap is null || !ReferenceEquals(Propagators.DefaultTextMapPropagator, _textMap))
        {
            _textMap = new GuardedTextMapPropagator(Propagators.DefaultTextMapPropagator, destinations);
            Sdk.SetDefaultTextMapPropagator(_textMap);
        }

        if (_context is null || !ReferenceEquals(DistributedContextPropagator.Current, _context))
        {
            _context = new GuardedContextPropagator(DistributedContextPropagator.Current, destinations);
            DistributedContextPropagator.Current = _context;
        }
    }
}
