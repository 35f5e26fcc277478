using ZeroTrust.Authz.Internal;

namespace ZeroTrust.Authz;

/// <summary>Proof of who a call acts for, in which tenant and with which permissions. Made by <see cref="AuthzContextMinter"/> and <see cref="AuthzContextVerifier"/> only.</summary>
/// <remarks>Immutable. Data access, outbound calls and endpoints take it as a parameter, so that code which skipped the check does not compile.</remarks>
public sealed class AuthzContext
{
    internal AuthzContext(
        TenantId tenant,
        SubjectId subject,
        PermissionSet permissions,
        string transactionId,
        IReadOnlyList<WorkloadId> callChain,
        DateTimeOffset expiresAt,
        ContextWire wire)
    {
        Tenant = tenant;
        Subject = subject;
        Permissions = permissions;
        TransactionId = transactionId;
        CallChain = callChain;
        ExpiresAt = expiresAt;
        Wire = wire;
    }

    /// <summary>The tenant. There is always exactly one.</summary>
    public TenantId Tenant { get; }

    /// <summary>The user or system the call acts for.</summary>
    public SubjectId Subject { get; }

    /// <summary>The permissions that are left after every hop narrowed them.</summary>
    public PermissionSet Permissions { get; }

    /// <summary>The id of the grant, 128 random bits in base64url. Calls within the reuse window share it; requests are told apart by their trace.</summary>
    public string TransactionId { get; }

    /// <summary>The workloads the context went through: the minter first, this workload last.</summary>
    public IReadOnlyList<WorkloadId> CallChain { get; }

    /// <summary>When the context ends, at most 120 s after it was minted. Streams end with it.</summary>
    public DateTimeOffset ExpiresAt { get; }

    internal ContextWire Wire { get; }

    /// <summary>Whether the context suffices for a permission.</summary>
    /// <param name="permission">The permission, exactly as it has to be held.</param>
    /// <returns>This context; or <c>authz.permission_missing</c>.</returns>
    public Verdict<AuthzContext> CheckPermission(string permission)
    {
        ArgumentException.ThrowIfNullOrEmpty(permission);
        return Permissions.Contains(permission)
            ? this
            : AuthzRejections.Refuse(AuthzRejectionReason.PermissionMissing, "The context does not hold the permission.", permission, Permissions.ToString());
    }

    /// <summary>Whether the context is for the tenant of a resource.</summary>
    /// <param name="tenant">The tenant the resource belongs to; <c>default</c> is refused.</param>
    /// <returns>This context; or <c>authz.tenant_mismatch</c>.</returns>
    public Verdict<AuthzContext> CheckTenant(TenantId tenant) =>
        !tenant.IsDefault && tenant == Tenant
            ? this
            : AuthzRejections.Refuse(AuthzRejectionReason.TenantMismatch, "The context is for another tenant.", tenant.ToString(), Tenant.ToString());

    /// <summary>Whether the context still holds.</summary>
    /// <param name="now">The present moment.</param>
    /// <returns>This context; or <c>authz.expired</c>, without any tolerance.</returns>
    public Verdict<AuthzContext> CheckExpiry(DateTimeOffset now) =>
        now < ExpiresAt
            ? this
            : AuthzRejections.Refuse(AuthzRejectionReason.Expired, $"The context ended at {ExpiresAt:O}.");

    /// <summary>The transaction id alone; a context in a log line shows neither subject nor tenant.</summary>
    public override string ToString() => TransactionId;
}
