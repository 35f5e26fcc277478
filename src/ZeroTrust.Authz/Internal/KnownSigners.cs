using ZeroTrust.Mtls;

namespace ZeroTrust.Authz.Internal;

/// <summary>
/// Signers met before, by the SHA-256 of their certificate and of those beside it, so that neither certificate nor key has to be read again. The trust
/// in them is asked about each time.
/// </summary>
internal sealed class KnownSigners(PeerVerifier peers, int capacity)
{
    private readonly BoundedCache<(string Name, string Beside), Signer> _signers = new(capacity);

    /// <summary>The signer, as far as it is trusted now; null when it has to be verified anew.</summary>
    internal Signer? Find((string Name, string Beside) key)
    {
        if (!_signers.TryGet(key, out var signer))
        {
            return null;
        }

        if (!peers.Recheck(signer.Peer).TryGet(out var peer, out _))
        {
            _signers.Remove(key);
            return null;
        }

        if (!ReferenceEquals(peer, signer.Peer))
        {
            signer = signer with { Peer = peer };
            _signers.Set(key, signer);
        }

        return signer;
    }

    internal void Add((string Name, string Beside) key, Signer signer) => _signers.Set(key, signer);
}
