using System.Collections.Frozen;

namespace ZeroTrust.Authz.Internal;

/// <summary>What one workload or token service may mint, compiled from validated options.</summary>
internal sealed class MintGrant
{
    internal const string EveryTenant = "*";

    private readonly FrozenSet<TenantId>? _tenants;
    private readonly FrozenSet<SubjectKind> _subjectKinds;
    private readonly FrozenSet<SubjectId> _systemSubjects;

    internal MintGrant(IMintGrant options)
    {
        _tenants = options.Tenants.Contains(EveryTenant) ? null : options.Tenants.Select(TenantId.Parse).ToFrozenSet();
        _subjectKinds = options.SubjectKinds.ToFrozenSet();
        _systemSubjects = options.SystemSubjects.Select(SubjectId.Parse).ToFrozenSet();
        Permissions = PermissionSet.Create(options.Permissions);
        MaxLifetime = options.MaxLifetime;
    }

    internal PermissionSet Permissions { get; }

    internal TimeSpan MaxLifetime { get; }

    /// <summary>Rule 3. Null when the grant covers it.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="holder">The first holder: the workload that signs the root, or that a token service authenticated.</param>
    /// <param name="permissions">The permissions.</param>
    /// <param name="lifetime">The lifetime of the root.</param>
    internal Rejection? Check(TenantId tenant, SubjectId subject, WorkloadId holder, PermissionSet permissions, TimeSpan lifetime)
    {
        if (tenant.IsDefault || _tenants?.Contains(tenant) == false)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.MintTenantNotGranted, "tenant_id: the mint grant does not cover the tenant.", expected: null, tenant.ToString());
        }

        if (!_subjectKinds.Contains(subject.Kind))
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.MintSubjectKindNotGranted, "sub: the mint grant does not cover the kind of subject.", expected: null, subject.Kind.ToString());
        }

        if (subject.Kind == SubjectKind.System && !IsSystemSubjectOf(subject, holder) && !_systemSubjects.Contains(subject))
        {
            return AuthzRejections.Refuse(
                AuthzRejectionReason.MintSubjectNotGranted, "sub: the system subject is another workload.", SubjectId.SystemPrefix + holder, subject.ToString());
        }

        if (!permissions.IsSubsetOf(Permissions))
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.MintPermissionNotGranted, "scope: a permission is above the ceiling of the mint grant.", Permissions.ToString(), permissions.ToString());
        }

        return lifetime > MaxLifetime
            ? AuthzRejections.Refuse(AuthzRejectionReason.MintLifetimeNotGranted, "exp: it is further after iat than the mint grant allows.", MaxLifetime.ToString(), lifetime.ToString())
            : null;
    }

    private static bool IsSystemSubjectOf(SubjectId subject, WorkloadId holder) =>
        !holder.IsDefault && subject.ToString().AsSpan(SubjectId.SystemPrefix.Length).SequenceEqual(holder.ToString());
}
