using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.AspNetCore.Internal;

namespace ZeroTrust.Authz.AspNetCore;

/// <summary>
/// The decision that a call needs a verified <see cref="AuthzContext"/> of the tenant that its route names. For a controller action or,
/// through <c>RequireTenant</c>, any endpoint.
/// </summary>
/// <remarks>Refuses with <c>authz.context_missing</c> (401, UNAUTHENTICATED) and <c>authz.tenant_mismatch</c> (403, PERMISSION_DENIED).</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequireTenantAttribute : Attribute, IEndpointDecision, ITenantRouteDecision
{
    /// <summary>Makes the decision.</summary>
    /// <param name="routeValue">The route value that names the tenant the resource belongs to; the context's tenant must equal it exactly. A route
    /// without that parameter stops the host.</param>
    /// <exception cref="ArgumentException"><paramref name="routeValue"/> is empty.</exception>
    public RequireTenantAttribute(string routeValue)
    {
        ArgumentException.ThrowIfNullOrEmpty(routeValue);
        RouteValue = routeValue;
    }

    /// <summary>The route value that names the tenant.</summary>
    public string RouteValue { get; }

    /// <inheritdoc/>
    public string Description => ContextDecision.Describe(permission: null, RouteValue);

    string? ITenantRouteDecision.TenantRouteValue => RouteValue;

    /// <inheritdoc/>
    public Verdict<IEndpointDecision> Decide(HttpContext context) => ContextDecision.Decide(this, context, permission: null, RouteValue);

    /// <inheritdoc/>
    public Rejection? DecideAgain(HttpContext context) => ContextDecision.CheckTenantAgain(context, RouteValue);
}
