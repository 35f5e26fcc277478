using ZeroTrust.Jose;
using ZeroTrust.Mtls;

namespace ZeroTrust.Authz.Internal;

/// <summary>Somebody whose signature counts: a verified peer with a name and a key.</summary>
internal sealed record Signer(VerifiedPeer Peer, WorkloadId Workload, JwsKey Key);
