using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using ZeroTrust.Authz.AspNetCore.Routes;

namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>
/// Puts an endpoint that runs nothing in the place of one that is not decided, while the call is routed. The start refuses such endpoints; one that is
/// added later could answer from within routing itself (<c>ShortCircuit</c>), before anything else is asked.
/// </summary>
internal sealed class UndecidedEndpointPolicy(TenantRouteProof tenants) : MatcherPolicy, IEndpointSelectorPolicy
{
    // Last, so that no other policy brings back what was replaced.
    public override int Order => int.MaxValue;

    // Asked when routes are built, not for each call: a host whose endpoints are all decided pays nothing.
    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(IsUndecided);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i) && candidates[i].Endpoint is RouteEndpoint endpoint && IsUndecided(endpoint))
            {
                candidates.ReplaceEndpoint(i, Inert(endpoint), candidates[i].Values);
            }
        }

        return Task.CompletedTask;
    }

    private bool IsUndecided(Endpoint endpoint) => endpoint is RouteEndpoint && EndpointProof.FindFault(endpoint, tenants) is not null;

    // Without a decision it is refused by the authorization of every pipeline; should nothing ask, it does nothing.
    private static RouteEndpoint Inert(RouteEndpoint endpoint) =>
        new(static _ => Task.CompletedTask, endpoint.RoutePattern, endpoint.Order, EndpointMetadataCollection.Empty, endpoint.DisplayName);
}
