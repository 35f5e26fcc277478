using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>
/// The handler gets the tenant that the decision compared: what is named like the route value is bound from the route and from nowhere
/// else. A form field would outvote the route in MVC, and a query or a body is the caller's to fill in.
/// </summary>
internal sealed class TenantRouteProof(ModelGraph models)
{
    private const string Remedy = "Bind it from the route ([FromRoute]), give it another name, or take AuthzContext.Tenant instead. "
        + "What is no tenant of the call is named by [DangerousAcceptMember].";

    // Endpoints that come later are asked about in each call.
    private readonly ConditionalWeakTable<Endpoint, TenantRouteFinding> _found = [];

    /// <summary>Looks at the handler of an endpoint.</summary>
    public TenantRouteFinding Look(Endpoint endpoint, string routeValue) => _found.GetValue(endpoint, key =>
    {
        var route = RouteOf(key, routeValue);
        return Describe(Sources(key, route), route);
    });

    /// <summary>Looks at the handlers of a page that was loaded.</summary>
    public TenantRouteFinding Look(Endpoint endpoint, CompiledPageActionDescriptor page, string routeValue)
    {
        var route = RouteOf(page.Endpoint ?? endpoint, routeValue);
        return Describe(OfPage(page, route), route);
    }

    private static TenantRouteFinding Describe(IEnumerable<string?> sources, TenantRoute route) => new(
        sources.FirstOrDefault(source => source is not null) is { } found
            ? $"compares the tenant of route value '{route.Value}', and {found}. {Remedy}"
            : null,
        route.Accepted);

    private static TenantRoute RouteOf(Endpoint endpoint, string routeValue) =>
        new(routeValue, endpoint.Metadata.GetOrderedMetadata<DangerousAcceptMemberAttribute>(), (endpoint as RouteEndpoint)?.RoutePattern);

    private IEnumerable<string?> Sources(Endpoint endpoint, TenantRoute route) => endpoint.Metadata.GetMetadata<ActionDescriptor>() switch
    {
        ControllerActionDescriptor action =>
            action.Parameters.Concat(action.BoundProperties).Select(parameter => BoundParameter.FindSource(parameter, route, models)),
        CompiledPageActionDescriptor page => OfPage(page, route),
        _ => endpoint.Metadata.GetMetadata<MethodInfo>() is { } handler
            ? new HandlerParameter(endpoint.Metadata, route, models).FindSources(handler)
            : [],
    };

    private IEnumerable<string?> OfPage(CompiledPageActionDescriptor page, TenantRoute route) =>
        page.HandlerMethods.SelectMany(handler => handler.Parameters).Concat<ParameterDescriptor>(page.BoundProperties ?? [])
            .Select(parameter => BoundParameter.FindSource(parameter, route, models));
}
