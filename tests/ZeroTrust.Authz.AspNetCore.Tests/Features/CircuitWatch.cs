using Microsoft.AspNetCore.Components.Server.Circuits;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>Tells when a circuit has lost its connection, and when it is closed.</summary>
internal sealed class CircuitWatch : CircuitHandler
{
    private int _down;
    private int _closed;

    public int Down => Volatile.Read(ref _down);

    public int Closed => Volatile.Read(ref _closed);

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _down);
        return Task.CompletedTask;
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _closed);
        return Task.CompletedTask;
    }
}
