using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using ZeroTrust.Mtls;
using ZeroTrust.X509;

namespace ZeroTrust.AspNetCore.Connections;

/// <summary>One proved connection: its current proof, shared by all its calls, and what it was opened with.</summary>
internal sealed class PeerConnection : IPeerFeature
{
    private readonly ConnectionContext _connection;
    private readonly PeerCredential _credential;
    private readonly TrustAnchorSet? _anchors;
    private readonly TimeSpan _drainTime;
    private readonly CurrentProof _proof;
    private long _drainAt = long.MaxValue;

    public PeerConnection(ConnectionContext connection, string listener, VerifiedPeer peer, PeerCredential credential, TimeSpan drainTime)
    {
        _connection = connection;
        _proof = new CurrentProof(peer);
        _credential = credential;
        _drainTime = drainTime;
        _anchors = AnchorsOf(peer);
        Listener = listener;
    }

    public string Listener { get; }

    public VerifiedPeer Peer => _proof.Peer;

    /// <summary>When the peer is refused; the connection is cut soon after.</summary>
    public TrustLoss Loss { get; } = new();

    public Verdict<VerifiedPeer> Judge(PeerVerifier verifier) => _proof.Judge(verifier);

    /// <summary>Whether the own certificate or the anchors of the peer are no longer those of the handshake.</summary>
    public bool IsRotated(PeerCredential current) => !ReferenceEquals(_credential, current) || !ReferenceEquals(_anchors, AnchorsOf(Peer));

    /// <summary>Chooses when the connection is to be replaced by a new one.</summary>
    /// <param name="time">The time, in which the delay cannot be moved by setting the clock.</param>
    /// <param name="part">From 0 to 1, so that the connections of one rotation do not all come back at once.</param>
    /// <returns>Whether this was not chosen before.</returns>
    public bool TryScheduleDrain(TimeProvider time, double part)
    {
        var delay = (long)(_drainTime.TotalSeconds * part * time.TimestampFrequency);
        return Interlocked.CompareExchange(ref _drainAt, time.GetTimestamp() + delay, long.MaxValue) == long.MaxValue;
    }

    public bool IsDrainDue(TimeProvider time)
    {
        var drainAt = Volatile.Read(ref _drainAt);
        return drainAt != long.MaxValue && time.GetTimestamp() >= drainAt;
    }

    /// <summary>
    /// Tells the running calls, asks the client for no more of them, and aborts the connection and every stream on it once the given time
    /// has passed.
    /// </summary>
    /// <returns>Whether it was not closing already.</returns>
    public bool TryAbortAfter(TimeSpan delay, TimeProvider time, Rejection rejection)
    {
        if (!Loss.TrySignal(rejection))
        {
            return false;
        }

        _ = AbortAsync(delay, time, rejection);
        return true;
    }

    private static TrustAnchorSet? AnchorsOf(VerifiedPeer peer) =>
        peer.Snapshot.Bundles.TryGet(peer.TrustDomain, out var bundle) ? bundle.Anchors : null;

    private async Task AbortAsync(TimeSpan delay, TimeProvider time, Rejection rejection)
    {
        // Both begin now. Whoever finds the connection reset has read GOAWAY before it, and asks on a new one, where the refusal is told.
        var asked = Task.Delay(delay / 2, time, _connection.ConnectionClosed);
        var over = Task.Delay(delay, time, _connection.ConnectionClosed);
        await asked.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        await over.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _connection.Abort(new ConnectionAbortedException(rejection.Code));
    }
}
