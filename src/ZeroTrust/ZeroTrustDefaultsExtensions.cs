using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ZeroTrust.Internal;

namespace ZeroTrust;

/// <summary>One registration for a whole service.</summary>
public static class ZeroTrustDefaultsExtensions
{
    /// <summary>
    /// Adds mutual TLS, listeners, the authorization context for HTTP and gRPC, health with drain, and redaction, each from its
    /// section under <c>ZeroTrust</c>. Safe to call more than once.
    /// </summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="configure">Adds more, such as <c>AddOidc()</c> where users' tokens arrive, or changes options.</param>
    /// <returns>The builder of the packages.</returns>
    /// <remarks>The host does not start unless <see cref="ZeroTrustWebApplicationExtensions.UseZeroTrust"/> is called on the application.</remarks>
    public static IZeroTrustBuilder AddZeroTrustDefaults(this WebApplicationBuilder builder, Action<IZeroTrustBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var zeroTrust = builder.Services.AddZeroTrust()
            .AddMtls()
            .AddListeners()
            .AddAuthz()
            .AddAuthzEndpoints()
            .AddAuthzGrpc()
            .AddHealthChecks()
            .AddRedaction();
        builder.Services.AddAuthentication();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, PipelineProofStartupFilter>());
        configure?.Invoke(zeroTrust);
        return zeroTrust;
    }
}
