using ZeroTrust.Mtls;

namespace ZeroTrust.AspNetCore;

/// <summary>The proved peer of a connection to a mesh or management listener.</summary>
public interface IPeerFeature
{
    /// <summary>The peer, by its latest verification.</summary>
    VerifiedPeer Peer { get; }
}
