using System.Net.Security;

namespace ZeroTrust.Mtls.Client;

/// <summary>One connection to a server, with its proof. It can be judged again and cut for as long as it is open.</summary>
internal sealed class ServerStream(Stream transport, PeerClientHandshake handshake, string address, Action<ServerStream> closed)
    : SslStream(transport)
{
    private bool _isHttp11;

    /// <summary>The latest proof; null until the handshake is complete.</summary>
    public VerifiedPeer? Peer { get; private set; }

    public string Address { get; } = address;

    /// <summary>Sets the proof, from the finished handshake.</summary>
    public Verdict<VerifiedPeer> Complete()
    {
        _isHttp11 = NegotiatedApplicationProtocol != SslApplicationProtocol.Http2;
        return Keep(handshake.Complete(this));
    }

    /// <summary>Renews the proof by the trust and the time of now.</summary>
    public Verdict<VerifiedPeer> Recheck() => Peer is { } peer ? Keep(handshake.Recheck(peer)) : Rejection.NotEvaluated;

    // The transport alone: whoever reads or writes fails at once, and disposes the rest.
    public void Abort() => InnerStream.Dispose();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Ask(buffer.Span);
        return base.WriteAsync(buffer, cancellationToken);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Ask(buffer);
        base.Write(buffer);
    }

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

    private void Ask(ReadOnlySpan<byte> bytes)
    {
        if (_isHttp11)
        {
            SentCall.Current?.Writing(this, bytes);
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
