using System.Net.Security;

namespace ZeroTrust.Mtls.Client;

/// <summary>One connection to a server, with its proof. It can be judged again and cut for as long as it is open.</summary>
internal sealed class ServerStream(Stream transport, PeerClientHandshake handshake, string address, Action<ServerStream> closed)
    : SslStream(transport)
{
    /// <summary>The latest proof; null until the handshake is complete.</summary>
    public VerifiedPeer? Peer { get; private set; }

    public string Address { get; } = address;

    /// <summary>Sets the proof, from the finished handshake.</summary>
    public Verdict<VerifiedPeer> Complete() => Keep(handshake.Complete(this));

    /// <summary>Renews the proof by the trust and the time of now.</summary>
    public Verdict<VerifiedPeer> Recheck() => Peer is { } peer ? Keep(handshake.Recheck(peer)) : Rejection.NotEvaluated;

    // The transport alone: whoever reads or writes fails at once, and disposes the rest.
    public void Abort() => InnerStream.Dispose();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync().ConfigureAwait(false);
        closed(this);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            closed(this);
        }
    }

    private Verdict<VerifiedPeer> Keep(Verdict<VerifiedPeer> verdict)
    {
        if (verdict.TryGet(out var peer, out _))
        {
            Peer = peer;
        }

        return verdict;
    }
}
