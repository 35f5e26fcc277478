using ZeroTrust.Mtls;

namespace ZeroTrust.Authz.Internal;

/// <summary>Rules 1 to 5 passed: what was handed to whom, by whom, and on whose certificates and keys it rests.</summary>
internal sealed record VerifiedChain(AuthzContext Context, WorkloadId Holder, WorkloadId Sender, IReadOnlyList<VerifiedPeer> Signers, ServiceKeys? Service);
