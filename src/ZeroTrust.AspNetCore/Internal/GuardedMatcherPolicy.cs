using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>Hands routing the endpoints that ask before they run, when routes are built: they ask also where the call's endpoint feature was exchanged.</summary>
internal sealed class GuardedMatcherPolicy(EndpointGates gates) : MatcherPolicy, INodeBuilderPolicy
{
    // Last, behind those that add endpoints of their own.
    public override int Order => int.MaxValue;

    // Others exchange a dynamic endpoint while the call is routed; what they set is guarded then.
    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Count > 0 && !ContainsDynamicEndpoints(endpoints);

    public IReadOnlyList<PolicyNodeEdge> GetEdges(IReadOnlyList<Endpoint> endpoints) => [new(this, [.. endpoints.Select(gates.Guard)])];

    public PolicyJumpTable BuildJumpTable(int exitDestination, IReadOnlyList<PolicyJumpTableEdge> edges) => new OneWay(edges[0].Destination);

    private sealed class OneWay(int destination) : PolicyJumpTable
    {
        public override int GetDestination(HttpContext httpContext) => destination;
    }
}
