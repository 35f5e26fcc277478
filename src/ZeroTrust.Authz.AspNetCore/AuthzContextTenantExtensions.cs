namespace ZeroTrust.Authz.AspNetCore;

/// <summary>The check, in a handler, that a resource belongs to the tenant of the call.</summary>
public static class AuthzContextTenantExtensions
{
    /// <summary>As <see cref="AuthzContext.CheckTenant"/>, for a handler that has nothing to add to the refusal.</summary>
    /// <param name="context">The context of the call.</param>
    /// <param name="owner">The tenant the resource belongs to; the default value belongs to no one and is refused.</param>
    /// <exception cref="RejectionException">
    /// The resource belongs to another tenant. Left to itself it answers the caller with 403 (PERMISSION_DENIED) and
    /// <c>authz.tenant_mismatch</c>.
    /// </exception>
    public static void RequireTenant(this AuthzContext context, TenantId owner)
    {
        ArgumentNullException.ThrowIfNull(context);
        _ = context.CheckTenant(owner).GetOrThrow();
    }
}
