using ZeroTrust.Mtls;

namespace ZeroTrust.AspNetCore.Connections;

/// <summary>The proof of one peer, replaced by a newer one as trust moves.</summary>
internal sealed class CurrentProof(VerifiedPeer peer)
{
    private VerifiedPeer _peer = peer;

    public VerifiedPeer Peer => Volatile.Read(ref _peer);

    /// <summary>Judges the peer by the current trust and keeps the newer proof.</summary>
    public Verdict<VerifiedPeer> Judge(PeerVerifier verifier)
    {
        var current = Peer;
        var verdict = verifier.Recheck(current);
        if (verdict.IsAccepted && !ReferenceEquals(verdict.Value, current))
        {
            Volatile.Write(ref _peer, verdict.Value);
        }

        return verdict;
    }
}
