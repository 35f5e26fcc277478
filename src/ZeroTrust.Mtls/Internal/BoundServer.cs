namespace ZeroTrust.Mtls.Internal;

/// <summary>A server a client is bound to, and who judges it.</summary>
internal sealed record BoundServer(ServerIdentity Identity, PeerVerifier Verifier)
{
    /// <summary>The whole decision about what the server presented, but for what TLS itself refuses.</summary>
    public Verdict<VerifiedPeer> Verify(PeerCertificates certificates) =>
        Verifier.Verify(certificates, PeerRole.Server).TryGet(out var peer, out var rejection) ? Identity.Check(peer) : rejection;
}
