using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls.Client;

/// <summary>What all handlers of a host share, and the server one of them is bound to.</summary>
internal sealed record HandlerParts(
    BoundServer Bound,
    PeerTls Tls,
    IPeerCredentialSource Credentials,
    MtlsOptions Options,
    TimeProvider Time,
    ServerAudit Audit)
{
    /// <summary>Who tells clients of protocols over HTTP of refusals.</summary>
    public IReadOnlyList<IOutboundRejectionMapper> Mappers { get; init; } = [];

    public WorkloadId Server => Bound.Identity.Workload;

    public PeerVerifier Verifier => Bound.Verifier;

    /// <summary>Begins one handshake with the server.</summary>
    public PeerClientHandshake Connect(ResumedPeers? resumption) => Tls.ConnectTo(Bound, resumption);
}
