using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ZeroTrust.Authz;
using ZeroTrust.Authz.AspNetCore.Diagnostics;
using ZeroTrust.Authz.AspNetCore.Internal;

namespace ZeroTrust;

/// <summary>Registers the authorization context in ASP.NET Core.</summary>
public static class AuthzEndpointsZeroTrustBuilderExtensions
{
    /// <summary>
    /// Adds what <c>UseContextHeaderStripping()</c> and <c>UseAuthzContext()</c> need, default deny proved before the host listens, and
    /// <see cref="AuthzContext"/> as a parameter of handlers and constructors. Needs <c>AddAuthz()</c> and <c>AddListeners()</c>. Safe to call
    /// more than once.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// The host does not start when an endpoint has no decision, has two, allows anonymous callers, or when <c>UseAuthzContext()</c>
    /// is not in the pipeline.
    /// </remarks>
    public static IZeroTrustBuilder AddAuthzEndpoints(this IZeroTrustBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(ContextHeaderMetrics)))
        {
            return builder;
        }

        services.AddMetrics();
        services.AddSingleton<ContextHeaderMetrics>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, EndpointProofStartupFilter>());
        services.TryAddScoped(provider => provider.GetRequiredService<IAuthzContextAccessor>().Current
            ?? throw new RejectionException(AuthzRejections.Refuse(AuthzRejectionReason.ContextMissing, "The code asked for a context; the call has none.")));
        return builder;
    }
}
