using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.AspNetCore.Internal;

namespace ZeroTrust.Authz.AspNetCore;

/// <summary>
/// The decision that a call needs a verified <see cref="AuthzContext"/>, and nothing more. For a gRPC method, a controller action or,
/// through <c>RequireContext</c>, any endpoint.
/// </summary>
/// <remarks>
/// Refuses with <c>authz.context_missing</c> (401, UNAUTHENTICATED) and, when <see cref="TenantRouteValue"/> is set,
/// <c>authz.tenant_mismatch</c> (403, PERMISSION_DENIED).
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequireContextAttribute : Attribute, IEndpointDecision
{
    /// <summary>The route value that names the tenant the resource belongs to; the context's tenant must equal it exactly.</summary>
    /// <value>Default <see langword="null"/>: no route value is compared.</value>
    public string? TenantRouteValue { get; init; }

    /// <inheritdoc/>
    public string Description => ContextDecision.Describe(permission: null, TenantRouteValue);

    /// <inheritdoc/>
    public Verdict<IEndpointDecision> Decide(HttpContext context) =>
        ContextDecision.Decide(this, context, permission: null, TenantRouteValue);
}
