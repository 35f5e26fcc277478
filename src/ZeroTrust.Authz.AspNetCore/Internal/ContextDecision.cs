using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>What the decisions over a context share.</summary>
internal static class ContextDecision
{
    public static string Describe(string? permission, string? tenantRouteValue) =>
        (permission is null ? "context" : $"permission {permission}")
        + (tenantRouteValue is null ? string.Empty : $", tenant of route value '{tenantRouteValue}'");

    public static Verdict<IEndpointDecision> Decide(
        IEndpointDecision decision, HttpContext context, string? permission, string? tenantRouteValue)
    {
        var feature = context.Features.Get<IAuthzContextFeature>()
            ?? throw new InvalidOperationException("UseAuthzContext() must run before UseAuthorization(): the endpoint's decision needs the context.");
        var verdict = feature.Verdict;

        // The tenant first: whether a permission is held says nothing to a caller of another tenant.
        if (verdict.IsAccepted && tenantRouteValue is not null)
        {
            verdict = verdict.Value.CheckTenant(RouteTenant(context, tenantRouteValue));
        }

        if (verdict.IsAccepted && permission is not null)
        {
            verdict = verdict.Value.CheckPermission(permission);
        }

        return verdict.IsAccepted || context.RequestServices.GetRequiredService<ReportOnlyRollout>().Serves(context, verdict.Rejection)
            ? Verdict.Accept(decision)
            : verdict.Rejection;
    }

    /// <summary>Compares the route value once more: what ran since may have changed it, and the handler gets what is there now.</summary>
    public static Rejection? CheckTenantAgain(HttpContext context, string? tenantRouteValue) =>
        tenantRouteValue is null
            ? null
            : CheckTenantAgain(context, RouteTenant(context, tenantRouteValue)) ?? CheckRouteData(context, tenantRouteValue);

    /// <summary>Compares a tenant that a handler is about to be given with that of the call.</summary>
    public static Rejection? CheckTenantAgain(HttpContext context, TenantId tenant) =>
        context.Features.Get<IAuthzContextFeature>() is { Verdict: { IsAccepted: true } verdict }
        && verdict.Value.CheckTenant(tenant) is { IsAccepted: false } mismatch
        && !context.RequestServices.GetRequiredService<ReportOnlyRollout>().Serves(context, mismatch.Rejection)
            ? mismatch.Rejection
            : null;

    // GetRouteData() asks this first; routing itself does not set it.
    private static Rejection? CheckRouteData(HttpContext context, string routeValue) =>
        context.Features.Get<IRoutingFeature>()?.RouteData is { } data && data.Values.TryGetValue(routeValue, out var value)
            ? CheckTenantAgain(context, TenantOf(value))
            : null;

    private static TenantId RouteTenant(HttpContext context, string routeValue) => TenantOf(context.GetRouteValue(routeValue));

    private static TenantId TenantOf(object? value) =>
        TenantId.TryParse(value as string, provider: null, out var tenant) ? tenant : default;
}
