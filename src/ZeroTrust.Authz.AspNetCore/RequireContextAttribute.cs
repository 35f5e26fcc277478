using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.AspNetCore.Internal;

namespace ZeroTrust.Authz.AspNetCore;

/// <summary>
/// The decision that a call needs a verified <see cref="AuthzContext"/>, and nothing more. For a gRPC method, a controller action or,
/// through <c>RequireContext</c>, any endpoint.
/// </summary>
/// <remarks>Refuses with <c>authz.context_missing</c> (401, UNAUTHENTICATED).</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequireContextAttribute : Attribute, IEndpointDecision
{
    /// <inheritdoc/>
    public string Description => ContextDecision.Describe(permission: null, tenantRouteValue: null);

    /// <inheritdoc/>
    public Verdict<IEndpointDecision> Decide(HttpContext context) =>
        ContextDecision.Decide(this, context, permission: null, tenantRouteValue: null);
}
