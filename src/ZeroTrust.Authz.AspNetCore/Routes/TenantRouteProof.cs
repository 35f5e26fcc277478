using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>
/// The handler gets the tenant that the decision compared: what is named like the route value is bound from the route and from nowhere else. A form field
/// would outvote the route in MVC, and a query or a body is the caller's to fill in.
/// </summary>
internal sealed class TenantRouteProof(ModelGraph models)
{
    private const string Remedy = "Bind it from the route ([FromRoute]), give it another name, or take AuthzContext.Tenant instead. "
        + "What is no tenant of the call is named by [DangerousAcceptMember].";

    // Endpoints that come later are asked about in each call.
    private readonly ConditionalWeakTable<Endpoint, Found> _found = [];

    /// <summary>What the handler would take from elsewhere, or null.</summary>
    public string? FindFault(Endpoint endpoint, string routeValue) =>
        _found.GetValue(endpoint, key => new Found(Describe(Sources(key, RouteOf(key, routeValue)), routeValue))).Fault;

    /// <summary>What the handlers of a page would take from elsewhere, or null.</summary>
    public string? FindFault(Endpoint endpoint, CompiledPageActionDescriptor page, string routeValue) =>
        Describe(OfPage(page, RouteOf(page.Endpoint ?? endpoint, routeValue)), routeValue);

    private static string? Describe(IEnumerable<string?> sources, string routeValue) =>
        sources.FirstOrDefault(source => source is not null) is { } found ? $"compares the tenant of route value '{routeValue}', and {found}. {Remedy}" : null;

    private static TenantRoute RouteOf(Endpoint endpoint, string routeValue) =>
        new(routeValue, endpoint.Metadata.GetOrderedMetadata<DangerousAcceptMemberAttribute>());

    private IEnumerable<string?> Sources(Endpoint endpoint, TenantRoute route) => endpoint.Metadata.GetMetadata<ActionDescriptor>() switch
    {
        ControllerActionDescriptor action => action.Parameters.Concat(action.BoundProperties).Select(parameter => BoundParameter.FindSource(parameter, route, models)),
        CompiledPageActionDescriptor page => OfPage(page, route),
        _ => endpoint.Metadata.GetMetadata<MethodInfo>() is { } handler ? new HandlerParameter(endpoint.Metadata, route, models).FindSources(handler) : [],
    };

    private IEnumerable<string?> OfPage(CompiledPageActionDescriptor page, TenantRoute route) =>
        page.HandlerMethods.SelectMany(handler => handler.Parameters).Concat<ParameterDescriptor>(page.BoundProperties ?? [])
            .Select(parameter => BoundParameter.FindSource(parameter, route, models));

    private sealed record Found(string? Fault);
}
