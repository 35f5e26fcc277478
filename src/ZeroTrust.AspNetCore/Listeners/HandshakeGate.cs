using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Connections;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>Caps the TLS handshakes a listener runs at once: they are what a stranger can make it compute.</summary>
/// <remarks>As many again wait in their order, each at most as long as a handshake may take. Beyond that a connection is closed at once.</remarks>
#pragma warning disable CA1001 // it lives as long as the listener, which Kestrel never tells the end of
internal sealed class HandshakeGate(ListenerPlan plan, TimeProvider time, Action<Rejection, EndPoint?> refused)
#pragma warning restore CA1001
{
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = plan.MaxConcurrentHandshakes,
        QueueLimit = plan.MaxConcurrentHandshakes,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Before the handshake: waits for a place.</summary>
    public async Task EnterAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        using var place = await WaitAsync(connection.ConnectionClosed).ConfigureAwait(false);
        if (place is not { IsAcquired: true })
        {
            var rejection = Internal.AspNetCoreRejections.Refuse(
                AspNetCoreRejectionReason.HandshakesExceeded, "As many handshakes as are allowed at once are under way, and as many wait.");
            refused(rejection, connection.RemoteEndPoint);
            connection.Abort(new ConnectionAbortedException(rejection.Code));
            return;
        }

        connection.Features.Set(new HandshakePlace(place));
        await next(connection).ConfigureAwait(false);
    }

    /// <summary>After it: gives the place back. A handshake that fails gives it back by ending the connection.</summary>
    public static Task LeaveAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        connection.Features.Get<HandshakePlace>()?.Lease.Dispose();
        return next(connection);
    }

    private async Task<RateLimitLease?> WaitAsync(CancellationToken closed)
    {
        using var patience = new CancellationTokenSource(plan.HandshakeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, closed);
        try
        {
            return await _limiter.AcquireAsync(1, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private sealed record HandshakePlace(RateLimitLease Lease);
}
