using Microsoft.AspNetCore.Connections;
using ZeroTrust.AspNetCore.Connections;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>One connection until its handshake is done. All but the connection is the pool's, under its lock.</summary>
internal sealed class PendingHandshake
{
    private readonly HandshakePool _pool;

    public PendingHandshake(ConnectionContext connection, HandshakePool pool)
    {
        _pool = pool;
        Connection = connection;
        Address = RemoteAddress.Of(connection.RemoteEndPoint);
        Place = new LinkedListNode<PendingHandshake>(this);
        OfAddress = new LinkedListNode<PendingHandshake>(this);
    }

    public ConnectionContext Connection { get; }

    public RemoteAddress Address { get; }

    /// <summary>Its place in the line of its stage and standing.</summary>
    public LinkedListNode<PendingHandshake> Place { get; }

    /// <summary>Its place among the handshakes of its address.</summary>
    public LinkedListNode<PendingHandshake> OfAddress { get; }

    public AddressRecord? Record { get; set; }

    public HandshakeStage Stage { get; set; }

    public bool IsSuspect { get; set; }

    /// <summary>When it was last seen to move: given its permit, or begun to be computed.</summary>
    public long Moved { get; set; }

    public TaskCompletionSource<bool>? Admission { get; set; }

    /// <summary>What the peer's first record offered.</summary>
    public ClientOffer Offer { get; set; }

    /// <summary>Whether what became of it is known: it is done, or why it is not was told.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>Whether the peer was refused when the handshake was done, and told so.</summary>
    public bool IsAnswered { get; private set; }

    public void Settle() => IsSettled = true;

    /// <summary>The server begins to compute: what comes after it, the peer is waited for.</summary>
    public void Begin() => _pool.Begin(this);

    /// <summary>The handshake is done and its peer refused.</summary>
    /// <returns>Whether there is room to tell it.</returns>
    public bool TryRefuse() => IsAnswered = _pool.TryRefuse(this);

    /// <summary>The handshake is done.</summary>
    public void Complete()
    {
        Settle();
        _pool.Complete(this);
    }
}
