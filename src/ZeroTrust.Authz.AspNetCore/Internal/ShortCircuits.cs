using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>Knows the endpoints that routing runs itself, before anything that stands behind it.</summary>
internal static class ShortCircuits
{
    // The framework's metadata is not public; what it marks carries it.
    private static readonly Type[] Marks = [.. MarksOf(static endpoint => endpoint.ShortCircuit())];

    public static bool Has(Endpoint endpoint) => endpoint.Metadata.Any(static item => Array.IndexOf(Marks, item.GetType()) >= 0);

    private static IEnumerable<Type> MarksOf(Action<IEndpointConventionBuilder> mark)
    {
        var endpoint = new RouteEndpointBuilder(static _ => Task.CompletedTask, RoutePatternFactory.Parse("/"), order: 0);
        mark(new Conventions(endpoint));
        return endpoint.Metadata.Select(static item => item.GetType());
    }

    private sealed class Conventions(EndpointBuilder endpoint) : IEndpointConventionBuilder
    {
        public void Add(Action<EndpointBuilder> convention) => convention(endpoint);
    }
}
