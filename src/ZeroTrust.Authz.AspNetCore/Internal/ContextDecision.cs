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
            _ = TenantId.TryParse(context.GetRouteValue(tenantRouteValue) as string, provider: null, out var tenant);
            verdict = verdict.Value.CheckTenant(tenant);
        }

        if (verdict.IsAccepted && permission is not null)
        {
            verdict = verdict.Value.CheckPermission(permission);
        }

        return verdict.IsAccepted || context.RequestServices.GetRequiredService<ReportOnlyRollout>().Serves(context, verdict.Rejection)
            ? Verdict.Accept(decision)
            : verdict.Rejection;
    }
}
