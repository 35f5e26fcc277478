using System.Collections.Frozen;

namespace ZeroTrust.Authz.Internal;

/// <summary>The grants of all workloads; a workload that is not listed has none.</summary>
internal sealed class MintGrants(AuthzOptions options)
{
    private readonly FrozenDictionary<WorkloadId, MintGrant> _grants = options.MintGrants.ToFrozenDictionary(
        grant => WorkloadId.Parse(grant.Workload ?? string.Empty),
        grant => new MintGrant(grant));

    internal Verdict<MintGrant> Find(WorkloadId workload) =>
        _grants.TryGetValue(workload, out var grant)
            ? grant
            : AuthzRejections.Refuse(AuthzRejectionReason.MintGrantMissing, "The workload holds no mint grant.", expected: null, workload.ToString());
}
