using System.Collections.Frozen;

namespace ZeroTrust.Authz.Internal;

/// <summary>The grants of all workloads and token services; what is not listed has none.</summary>
internal sealed class MintGrants(AuthzOptions options)
{
    private readonly FrozenDictionary<WorkloadId, MintGrant> _grants = options.MintGrants.ToFrozenDictionary(
        grant => WorkloadId.Parse(grant.Workload ?? string.Empty),
        grant => new MintGrant(grant));

    private readonly FrozenDictionary<string, MintGrant> _services = options.TokenServices.ToFrozenDictionary(
        service => service.Issuer ?? string.Empty,
        service => new MintGrant(service),
        StringComparer.Ordinal);

    /// <summary>Whether any workload may begin contexts.</summary>
    internal bool AnyWorkload => _grants.Count > 0;

    internal Verdict<MintGrant> Find(WorkloadId workload) =>
        _grants.TryGetValue(workload, out var grant)
            ? grant
            : AuthzRejections.Refuse(
                AuthzRejectionReason.MintGrantMissing,
                "The workload holds no mint grant here (MintGrants), so it may begin no context.",
                expected: null,
                workload.ToString());

    internal Verdict<MintGrant> FindService(string issuer) =>
        _services.TryGetValue(issuer, out var grant)
            ? grant
            : AuthzRejections.Refuse(
                AuthzRejectionReason.TokenServiceUnknown,
                "The root has a kid in its header, which is for token services alone, and iss is none that is believed here. "
                    + "A workload sends x5t#S256 in place of kid.",
                expected: null,
                issuer);
}
