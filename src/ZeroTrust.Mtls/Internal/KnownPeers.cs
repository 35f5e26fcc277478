using System.Collections.Concurrent;

namespace ZeroTrust.Mtls.Internal;

/// <summary>The peers accepted by one trust snapshot, so that the next connection with the same certificates costs a comparison.</summary>
/// <remarks>
/// It dies with its snapshot, so no answer is older than the trust it rests on. Only accepted peers are kept, one for each leaf; a refusal is
/// never remembered. Bounded: it starts over when full.
/// </remarks>
internal sealed class KnownPeers
{
    private const int MaxPeers = 1024;

    private readonly ConcurrentDictionary<(string LeafSha256, PeerRole Role), VerifiedPeer> _peers = new();

    public VerifiedPeer? Find(PeerCertificates certificates, PeerRole role) =>
        _peers.TryGetValue((certificates.LeafSha256, role), out var peer) && peer.Certificates.HasSameIntermediates(certificates) ? peer : null;

    public void Add(VerifiedPeer peer)
    {
        var key = (peer.LeafSha256, peer.Role);
        if (!_peers.ContainsKey(key) && _peers.Count >= MaxPeers)
        {
            _peers.Clear();
        }

        _peers[key] = peer;
    }
}
