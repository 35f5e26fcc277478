using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>
/// The handler gets the tenant that the decision compared: what is named like the route value is bound from the route and from nowhere else. A form field
/// would outvote the route in MVC, and a query or a body is the caller's to fill in.
/// </summary>
internal static class TenantRouteProof
{
    private const string Remedy = "Bind it from the route ([FromRoute]), give it another name, or take AuthzContext.Tenant instead.";

    /// <summary>What the handler would take from elsewhere, or null.</summary>
    public static string? FindFault(Endpoint endpoint, string routeValue)
    {
        var found = Sources(endpoint, routeValue).FirstOrDefault(source => source is not null);
        return found is null ? null : $"compares the tenant of route value '{routeValue}', and {found}. {Remedy}";
    }

    /// <summary>What the handlers of a page would take from elsewhere, or null.</summary>
    public static string? FindFault(CompiledPageActionDescriptor page, string routeValue)
    {
        var found = OfPage(page, routeValue).FirstOrDefault(source => source is not null);
        return found is null ? null : $"compares the tenant of route value '{routeValue}', and {found}. {Remedy}";
    }

    private static IEnumerable<string?> Sources(Endpoint endpoint, string routeValue) => endpoint.Metadata.GetMetadata<ActionDescriptor>() switch
    {
        ControllerActionDescriptor action => action.Parameters.Concat(action.BoundProperties).Select(parameter => BoundParameter.FindSource(parameter, routeValue)),
        CompiledPageActionDescriptor page => OfPage(page, routeValue),
        _ => endpoint.Metadata.GetMetadata<MethodInfo>() is { } handler ? HandlerParameter.FindSources(handler, endpoint.Metadata, routeValue) : [],
    };

    private static IEnumerable<string?> OfPage(CompiledPageActionDescriptor page, string routeValue) =>
        page.HandlerMethods.SelectMany(handler => handler.Parameters).Concat<ParameterDescriptor>(page.BoundProperties ?? [])
            .Select(parameter => BoundParameter.FindSource(parameter, routeValue));
}
