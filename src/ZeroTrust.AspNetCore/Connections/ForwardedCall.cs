using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore.Refusals;
using ZeroTrust.Mtls;

namespace ZeroTrust.AspNetCore.Connections;

/// <summary>One running call of a client that a proxy forwarded. It covers the connection's peer without changing it.</summary>
internal sealed class ForwardedCall(HttpContext context, VerifiedPeer client, VerifiedPeer proxy) : IPeerFeature, IForwardedPeerFeature
{
    private readonly CurrentProof _proof = new(client);
    private readonly Lock _lock = new();
    private readonly bool _isGrpc = GrpcRefusal.IsGrpc(context.Request);
    private bool _ended;

    public string? Listener { get; } = context.GetListener()?.Name;

    public VerifiedPeer Peer => _proof.Peer;

    public VerifiedPeer Proxy { get; } = proxy;

    public Verdict<VerifiedPeer> Judge(PeerVerifier verifier) => _proof.Judge(verifier);

    /// <summary>When the client is refused; its call is aborted soon after.</summary>
    public TrustLoss Loss { get; } = new();

    /// <summary>Aborts the call alone, over HTTP/2 the proxy's others go on; one of gRPC is told, and has the given time to end.</summary>
    /// <returns>Whether it was still running, and trusted.</returns>
    public bool TryAbortAfter(TimeSpan delay, TimeProvider time, Rejection rejection)
    {
        lock (_lock)
        {
            if (_ended || !Loss.TrySignal(rejection))
            {
                return false;
            }
        }

        return _isGrpc ? TryAbortLater(delay, time) : TryAbort();
    }

    private bool TryAbortLater(TimeSpan delay, TimeProvider time)
    {
        _ = AbortAsync();
        return true;

        async Task AbortAsync()
        {
            await Task.Delay(delay, time).ConfigureAwait(false);
            TryAbort();
        }
    }

    private bool TryAbort()
    {
        // The server gives the context of a call that has ended to another one.
        lock (_lock)
        {
            if (_ended)
            {
                return false;
            }

            _ended = true;
            context.Abort();
            return true;
        }
    }

    public void End()
    {
        lock (_lock)
        {
            _ended = true;
        }
    }
}
