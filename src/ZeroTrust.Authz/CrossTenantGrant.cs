namespace ZeroTrust.Authz;

/// <summary>Proof that reading across tenants was granted, for a reason that was recorded first. Made by <see cref="CrossTenantGrants"/> alone.</summary>
/// <remarks>It reads. Whoever writes for several tenants does so in the context of each.</remarks>
public sealed class CrossTenantGrant
{
    internal CrossTenantGrant(AuthzContext grantedTo, string reason, DateTimeOffset grantedAt, DateTimeOffset expiresAt)
    {
        GrantedTo = grantedTo;
        Reason = reason;
        GrantedAt = grantedAt;
        ExpiresAt = expiresAt;
    }

    /// <summary>The context it was granted to.</summary>
    public AuthzContext GrantedTo { get; }

    /// <summary>Why.</summary>
    public string Reason { get; }

    /// <summary>When it was recorded.</summary>
    public DateTimeOffset GrantedAt { get; }

    /// <summary>When it ends. Commands after it are refused; it cannot be extended.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Whether the grant still holds.</summary>
    /// <param name="now">The present moment.</param>
    /// <returns>This grant; or <c>authz.cross_tenant_grant_expired</c>.</returns>
    public Verdict<CrossTenantGrant> CheckExpiry(DateTimeOffset now) =>
        now < ExpiresAt
            ? this
            : AuthzRejections.Refuse(AuthzRejectionReason.CrossTenantGrantExpired, $"The grant ended at {ExpiresAt:O}.");

    /// <summary>The transaction id of the context it was granted to.</summary>
    public override string ToString() => GrantedTo.TransactionId;
}
