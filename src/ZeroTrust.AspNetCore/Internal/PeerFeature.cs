using ZeroTrust.Mtls;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>Shared by all calls of a connection; a later verification replaces the proof.</summary>
internal sealed class PeerFeature(VerifiedPeer peer) : IPeerFeature
{
    private VerifiedPeer _peer = peer;

    public VerifiedPeer Peer
    {
        get => Volatile.Read(ref _peer);
        set => Volatile.Write(ref _peer, value);
    }
}
