using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.AspNetCore.Routes;

namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>
/// Default deny, as a property of an endpoint: exactly one decision, which the authorization middleware will be made to ask.
/// </summary>
internal static class EndpointProof
{
    /// <summary>What is wrong with the endpoint, or null when it is decided.</summary>
    public static string? FindFault(Endpoint endpoint, TenantRouteProof tenants)
    {
        var decisions = endpoint.Metadata.GetOrderedMetadata<IEndpointDecision>();
        if (decisions.Count != 1)
        {
            return decisions.Count == 0
                ? "has no decision"
                : $"has {decisions.Count} decisions ({string.Join("; ", decisions.Select(decision => decision.Description))})";
        }

        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return "allows anonymous callers, which switches its decision off";
        }

        if (ShortCircuits.Has(endpoint))
        {
            return "is short-circuited, so that it would run before its decision is asked, and routing fails each call; remove "
                + "ShortCircuit()";
        }

        // A parameter that is not there would refuse every call; better to say so at start.
        if (decisions[0] is ITenantRouteDecision { TenantRouteValue: { } parameter })
        {
            if (endpoint is RouteEndpoint { RoutePattern: var pattern } && pattern.GetParameter(parameter) is null)
            {
                return $"has a route without the parameter '{parameter}' to compare the tenant with";
            }

            if (tenants.Look(endpoint, parameter).Fault is { } fault)
            {
                return fault;
            }
        }

        // The framework asks a decision only under its policy's name; an implementation can hide that name.
        return decisions[0].Policy == EndpointDecisionPolicy.Name
            ? null
            : "has a decision that does not name the decision policy, so nothing would ask it";
    }
}
