using System.Collections.Concurrent;

namespace ZeroTrust.Mtls;

/// <summary>Allows one listener, or one client, to resume TLS sessions, and keeps what a resumed peer does not send again: its intermediates.</summary>
/// <remarks>
/// <para>
/// A resumed session (RFC 8446 section 2.2) carries the leaf of its full handshake and nothing else, so each resumption is verified again, in full and by
/// the current trust, with the intermediates kept here. They are hints and prove nothing themselves.
/// </para>
/// <para>
/// Give each listener its own: the platform lets listeners with the same certificate resume each other's sessions, and what one listener has not seen, it does not complete.
/// Bounded: it starts over when full. A peer that resumes and is not known is refused once, and the next handshakes are full ones, its next included.
/// </para>
/// </remarks>
public sealed class ResumedPeers
{
    private const int MaxPeers = 1024;
    private const int FullHandshakes = 1024;

    private readonly ConcurrentDictionary<string, PeerCertificates> _certificates = new(StringComparer.Ordinal);
    private int _fullHandshakes;

    /// <summary>Whether a handshake that begins now may be a resumption.</summary>
    internal bool TryResume()
    {
        if (Volatile.Read(ref _fullHandshakes) <= 0)
        {
            return true;
        }

        Interlocked.Decrement(ref _fullHandshakes);
        return false;
    }

    /// <summary>Has the next handshakes be full ones. A peer goes on offering the same ticket, and would be refused until the ticket ends.</summary>
    internal void Pause() => Volatile.Write(ref _fullHandshakes, FullHandshakes);

    /// <summary>The certificates with the intermediates of their full handshake, where the peer sent none and one is known.</summary>
    internal PeerCertificates Complete(PeerCertificates presented) =>
        presented.IntermediatesDer.Count == 0 && _certificates.TryGetValue(presented.LeafSha256, out var full) ? full : presented;

    /// <summary>Notes what an accepted peer sent.</summary>
    internal void Remember(PeerCertificates accepted)
    {
        if (accepted.IntermediatesDer.Count == 0)
        {
            return;
        }

        if (!_certificates.ContainsKey(accepted.LeafSha256) && _certificates.Count >= MaxPeers)
        {
            _certificates.Clear();
        }

        _certificates[accepted.LeafSha256] = accepted;
    }
}
