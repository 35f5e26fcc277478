using Microsoft.AspNetCore.Builder;
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
        builder.WithMetadata(new RequirePermissionAttribute(permission) { TenantRouteValue = tenantRouteValue });

    /// <summary>Decides that a call needs a context of the tenant that the route names, whatever it permits.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint or group.</typeparam>
    /// <param name="builder">The endpoint, or the group whose endpoints carry no decision of their own.</param>
    /// <param name="routeValue">The route parameter that names the resource's tenant.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="routeValue"/> is empty.</exception>
    /// <remarks>The host does not start when the endpoint's route has no parameter named <paramref name="routeValue"/>.</remarks>
    public static TBuilder RequireTenant<TBuilder>(this TBuilder builder, string routeValue)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new RequireTenantAttribute(routeValue));

    /// <summary>Decides that a call needs a context, whatever its tenant and whatever it permits.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint or group.</typeparam>
    /// <param name="builder">The endpoint, or the group whose endpoints carry no decision of their own.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder RequireContext<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new RequireContextAttribute());
}
