using ZeroTrust.Mtls;

namespace ZeroTrust.AspNetCore;

/// <summary>Says that the peer of a call is not at the other end of its connection: a listed proxy forwarded its certificate (RFC 9440).</summary>
/// <remarks>Set on the request only. <see cref="IPeerFeature.Peer"/> is the forwarded client then, verified here by the current trust.</remarks>
public interface IForwardedPeerFeature
{
    /// <summary>The proxy, the proved peer of the connection.</summary>
    VerifiedPeer Proxy { get; }
}
