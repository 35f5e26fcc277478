using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using ZeroTrust.AspNetCore.Internal;
using ZeroTrust.AspNetCore.Refusals;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>
/// Holds a connection until its ClientHello is here and the handshake may be computed: computing is what a stranger can make a listener do.
/// </summary>
/// <remarks>The permit is taken when there is something to compute, so a connection that sends nothing takes none.</remarks>
internal sealed class HandshakeGate
{
    private readonly ListenerPlan _plan;
    private readonly TimeProvider _time;
    private readonly Action<Rejection, EndPoint?> _refused;
    private readonly HandshakePool _pool;

    public HandshakeGate(ListenerPlan plan, TimeProvider time, Action<Rejection, EndPoint?> refused)
    {
        _plan = plan;
        _time = time;
        _refused = refused;
        _pool = new HandshakePool(plan.MaxConcurrentHandshakes, plan.MaxPendingConnections, time, Cut);
    }

    /// <summary>Before the handshake: waits for the ClientHello, then for a permit.</summary>
    public async Task EnterAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var handshake = new PendingHandshake(connection, _pool);
        _pool.Enter(handshake);
        try
        {
            if (!await ReadHelloAsync(handshake).ConfigureAwait(false) || !await AdmitAsync(handshake).ConfigureAwait(false))
            {
                connection.Abort();
                return;
            }

            connection.Features.Set(handshake);
            var transport = connection.Transport;
            try
            {
                connection.Transport = Counted(connection);
                await next(connection).ConfigureAwait(false);
            }
            finally
            {
                connection.Transport = transport;
                TellFailed(handshake);
            }

            if (handshake.IsAnswered)
            {
                await RefusalDrain.RunAsync(connection, transport.Input, _time).ConfigureAwait(false);
            }
        }
        finally
        {
            _pool.Leave(handshake);
        }
    }

    /// <summary>The server is about to compute.</summary>
    public static void Begin(BaseConnectionContext connection) => connection.Features.Get<PendingHandshake>()?.Begin();

    /// <summary>Why the handshake fails is told by another: a verdict on the peer, or a fault of this host.</summary>
    public static void Settle(BaseConnectionContext connection) => connection.Features.Get<PendingHandshake>()?.Settle();

    /// <summary>The handshake is done and its peer refused.</summary>
    /// <returns>Whether there is room to tell it.</returns>
    public static bool TryRefuse(BaseConnectionContext connection) => connection.Features.Get<PendingHandshake>()?.TryRefuse() == true;

    /// <summary>After it: gives the permit back. A handshake that fails gives it back by ending the connection.</summary>
    public static Task LeaveAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        connection.Features.Get<PendingHandshake>()?.Complete();
        connection.Features.Get<CountedInput>()?.Stop();
        return next(connection);
    }

    // Where peers are refused behind their handshakes.
    private IDuplexPipe Counted(ConnectionContext connection)
    {
        if (_plan.Peers is null)
        {
            return connection.Transport;
        }

        var input = new CountedInput(connection.Transport.Input);
        connection.Features.Set(input);
        return new DuplexPipe(input, connection.Transport.Output);
    }

    private async Task<bool> ReadHelloAsync(PendingHandshake handshake)
    {
        using var patience = new CancellationTokenSource(_plan.ClientHelloTimeout, _time);
        try
        {
            if (await ClientHello.WaitAsync(handshake.Connection.Transport.Input, patience.Token).ConfigureAwait(false) is not { } offer)
            {
                return false;
            }

            handshake.Offer = offer;
            return true;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            _pool.Expire(handshake);
            Refuse(handshake, AspNetCoreRejectionReason.ClientHelloTimeout);
            return false;
        }
        catch (IOException)
        {
            // The peer is gone, or has given way and was told.
            return false;
        }
    }

    private async Task<bool> AdmitAsync(PendingHandshake handshake)
    {
        var admission = _pool.AdmitAsync(handshake);
        if (admission.IsCompleted)
        {
            return await admission.ConfigureAwait(false);
        }

        try
        {
            return await admission.WaitAsync(_plan.HandshakeTimeout, _time, handshake.Connection.ConnectionClosed).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _pool.Expire(handshake);
            Refuse(handshake, AspNetCoreRejectionReason.HandshakesExceeded);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Cut(PendingHandshake handshake, AspNetCoreRejectionReason reason)
    {
        if (handshake.IsSettled)
        {
            // Refused already: what gives way is the answer.
            handshake.Connection.Abort(new ConnectionAbortedException("refused"));
            return;
        }

        if (reason == AspNetCoreRejectionReason.HandshakeStalled)
        {
            Refuse(handshake, reason);
            return;
        }

        // What reads or waits is woken and ends the connection: an abort would be an exception in each of them, and there may be thousands
        // a second.
        handshake.Settle();
        _refused(AspNetCoreRejections.Refuse(reason, DetailOf(reason)), handshake.Connection.RemoteEndPoint);
        handshake.Connection.Transport.Input.CancelPendingRead();
    }

    private void Refuse(PendingHandshake handshake, AspNetCoreRejectionReason reason)
    {
        handshake.Settle();
        var rejection = AspNetCoreRejections.Refuse(reason, DetailOf(reason));
        _refused(rejection, handshake.Connection.RemoteEndPoint);
        handshake.Connection.Abort(new ConnectionAbortedException(rejection.Code));
    }

    /// <summary>TLS ends what it refuses without a word: no callback of ours runs, and the connection is over.</summary>
    private void TellFailed(PendingHandshake handshake)
    {
        var lifetime = handshake.Connection.Features.Get<IConnectionLifetimeNotificationFeature>();
        if (handshake.IsSettled || lifetime is { ConnectionClosedRequested.IsCancellationRequested: true })
        {
            return;
        }

        handshake.Settle();
        _refused(
            FailedHandshakes.Explain(handshake.Offer, _plan, _time.GetElapsedTime(handshake.Moved)), handshake.Connection.RemoteEndPoint);
    }

    private string DetailOf(AspNetCoreRejectionReason reason) => reason switch
    {
        AspNetCoreRejectionReason.ClientHelloTimeout => string.Create(
            CultureInfo.InvariantCulture, $"No whole ClientHello came within {_plan.ClientHelloTimeout}."),
        AspNetCoreRejectionReason.HandshakeStalled => "The peer kept its handshake waiting while others waited for its place.",
        _ => string.Create(
            CultureInfo.InvariantCulture,
            $"{_plan.MaxConcurrentHandshakes} handshakes were under way and {_plan.MaxPendingConnections} connections waited, "
            + $"or this one waited for longer than {_plan.HandshakeTimeout}."),
    };

    private sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
