namespace ZeroTrust.Mtls.Client;

/// <summary>What all handlers of a host share, and the server one of them is bound to.</summary>
internal sealed record HandlerParts(
    WorkloadId Server,
    PeerTls Tls,
    PeerVerifier Verifier,
    IPeerCredentialSource Credentials,
    MtlsOptions Options,
    TimeProvider Time,
    ServerAudit Audit)
{
    /// <summary>Begins one handshake with the server.</summary>
    public PeerClientHandshake Connect(ResumedPeers? resumption) => Tls.ConnectTo(Server, resumption);
}
