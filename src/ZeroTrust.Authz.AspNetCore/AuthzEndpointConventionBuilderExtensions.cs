using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using ZeroTrust.Authz.AspNetCore;

namespace ZeroTrust;

/// <summary>The decisions over an authorization context. An endpoint carries exactly one decision, or the host does not start.</summary>
public static class AuthzEndpointConventionBuilderExtensions
{
    /// <summary>Decides that a call needs a context that holds a permission.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint or group.</typeparam>
    /// <param name="builder">The endpoint, or the group whose endpoints carry no decision of their own.</param>
    /// <param name="permission">The permission, compared exactly: <c>[a-z0-9][a-z0-9._:-]{0,63}</c>.</param>
    /// <param name="tenantRouteValue">The route parameter that names the resource's tenant, or <see langword="null"/> when the route names none.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="permission"/> is not a permission.</exception>
    /// <remarks>The host does not start when the endpoint's route has no parameter named <paramref name="tenantRouteValue"/>.</remarks>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, string permission, string? tenantRouteValue = null)
        where TBuilder : IEndpointConventionBuilder =>
        Decide(builder, new RequirePermissionAttribute(permission) { TenantRouteValue = tenantRouteValue }, tenantRouteValue);

    /// <summary>Decides that a call needs a context, whatever it permits.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint or group.</typeparam>
    /// <param name="builder">The endpoint, or the group whose endpoints carry no decision of their own.</param>
    /// <param name="tenantRouteValue">The route parameter that names the resource's tenant, or <see langword="null"/> when the route names none.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>The host does not start when the endpoint's route has no parameter named <paramref name="tenantRouteValue"/>.</remarks>
    public static TBuilder RequireContext<TBuilder>(this TBuilder builder, string? tenantRouteValue = null)
        where TBuilder : IEndpointConventionBuilder =>
        Decide(builder, new RequireContextAttribute { TenantRouteValue = tenantRouteValue }, tenantRouteValue);

    private static TBuilder Decide<TBuilder>(TBuilder builder, object decision, string? tenantRouteValue)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Add(endpoint =>
        {
            // A parameter that is not there would refuse every call; better to say so at start.
            if (tenantRouteValue is not null && endpoint is RouteEndpointBuilder { RoutePattern: var pattern }
                && pattern.GetParameter(tenantRouteValue) is null)
            {
                throw new InvalidOperationException($"The route '{pattern.RawText}' has no parameter '{tenantRouteValue}' to compare the tenant with.");
            }

            endpoint.Metadata.Add(decision);
        });
        return builder;
    }
}
