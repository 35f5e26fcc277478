using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.AspNetCore.Internal;

namespace ZeroTrust.Authz.AspNetCore;

/// <summary>
/// The decision that a call needs a verified <see cref="AuthzContext"/> that holds one permission. For a gRPC method, a controller
/// action or, through <c>RequirePermission</c>, any endpoint.
/// </summary>
/// <remarks>
/// Refuses with <c>authz.context_missing</c> (401, UNAUTHENTICATED), <c>authz.permission_missing</c> and, when
/// <see cref="TenantRouteValue"/> is set, <c>authz.tenant_mismatch</c> (both 403, PERMISSION_DENIED).
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequirePermissionAttribute : Attribute, IEndpointDecision, ITenantRouteDecision
{
    /// <summary>Makes the decision.</summary>
    /// <param name="permission">The permission, compared exactly: <c>[a-z0-9][a-z0-9._:-]{0,63}</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="permission"/> is not a permission.</exception>
    public RequirePermissionAttribute(string permission)
    {
        if (!PermissionSet.IsPermission(permission))
        {
            throw new ArgumentException($"'{permission}' is not a permission ([a-z0-9][a-z0-9._:-]{{0,63}}).", nameof(permission));
        }

        Permission = permission;
    }

    /// <summary>The permission the context must hold.</summary>
    public string Permission { get; }

    /// <summary>The route value that names the tenant the resource belongs to; the context's tenant must equal it exactly.</summary>
    /// <value>Default <see langword="null"/>: no route value is compared. A route without that parameter stops the host.</value>
    public string? TenantRouteValue { get; init; }

    /// <inheritdoc/>
    public string Description => ContextDecision.Describe(Permission, TenantRouteValue);

    /// <inheritdoc/>
    public Verdict<IEndpointDecision> Decide(HttpContext context) =>
        ContextDecision.Decide(this, context, Permission, TenantRouteValue);

    /// <inheritdoc/>
    public Rejection? DecideAgain(HttpContext context) => ContextDecision.CheckTenantAgain(context, TenantRouteValue);
}
