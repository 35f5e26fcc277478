using Microsoft.AspNetCore.Http;
using ZeroTrust.Mtls;

namespace ZeroTrust.AspNetCore.Connections;

/// <summary>One running call of a client that a proxy forwarded. It covers the connection's peer without changing it.</summary>
internal sealed class ForwardedCall(HttpContext context, VerifiedPeer client, VerifiedPeer proxy) : IPeerFeature, IForwardedPeerFeature
{
    private readonly CurrentProof _proof = new(client);
    private readonly Lock _lock = new();
    private bool _ended;

    public string? Listener { get; } = context.GetListener()?.Name;

    public VerifiedPeer Peer => _proof.Peer;

    public VerifiedPeer Proxy { get; } = proxy;

    public Verdict<VerifiedPeer> Judge(PeerVerifier verifier) => _proof.Judge(verifier);

    /// <summary>Aborts the call alone: over HTTP/2 the proxy's other calls go on.</summary>
    /// <returns>Whether it was still running.</returns>
    public bool TryAbort()
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
