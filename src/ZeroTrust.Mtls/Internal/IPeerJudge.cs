using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.Mtls.Internal;

/// <summary>Who a handshake asks about the peer's certificates.</summary>
internal interface IPeerJudge
{
    /// <summary>Verifies in full.</summary>
    /// <param name="certificates">What the peer presented.</param>
    /// <param name="role">The part the peer plays.</param>
    /// <param name="parsed">The platform's objects, whose keys are borrowed instead of being imported again; those of other certificates are passed over.</param>
    Verdict<VerifiedPeer> Verify(PeerCertificates certificates, PeerRole role, IReadOnlyList<X509Certificate2> parsed);

    /// <summary>Whether an earlier proof still holds.</summary>
    Verdict<VerifiedPeer> Recheck(VerifiedPeer peer);
}
