using ZeroTrust.Mtls;

namespace ZeroTrust.AspNetCore.Forwarding;

/// <summary>The peer of one call that a proxy forwarded; it covers the connection's peer without changing it.</summary>
internal sealed class ForwardedPeerFeature(VerifiedPeer client, VerifiedPeer proxy) : IPeerFeature, IForwardedPeerFeature
{
    public VerifiedPeer Peer { get; } = client;

    public VerifiedPeer Proxy { get; } = proxy;
}
