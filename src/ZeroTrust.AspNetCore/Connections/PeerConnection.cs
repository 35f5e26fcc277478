using Microsoft.AspNetCore.Connections;
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
    private int _closing;

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

    /// <summary>Aborts the connection and every stream on it, once the given time has passed.</summary>
    /// <returns>Whether it was not closing already.</returns>
    public bool TryAbortAfter(TimeSpan delay, TimeProvider time, Rejection rejection)
    {
        if (Interlocked.Exchange(ref _closing, 1) != 0)
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
        await Task.Delay(delay, time, _connection.ConnectionClosed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _connection.Abort(new ConnectionAbortedException(rejection.Code));
    }
}
