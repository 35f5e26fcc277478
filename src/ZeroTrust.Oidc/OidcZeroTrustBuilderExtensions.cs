using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ZeroTrust.Authz.AspNetCore;
using ZeroTrust.Oidc;
using ZeroTrust.Oidc.Diagnostics;
using ZeroTrust.Oidc.Internal;
using ZeroTrust.Oidc.Keys;
using ZeroTrust.Oidc.Tokens;
using ZeroTrust.Shared;

namespace ZeroTrust;

/// <summary>Registers users' access tokens as the source of the context on edge listeners.</summary>
public static class OidcZeroTrustBuilderExtensions
{
    /// <summary>Accepts access tokens of the issuers in <c>ZeroTrust:Oidc:Issuers</c>. Needs <c>AddAuthz</c>. Safe to call more than once.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options after they were bound.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <remarks>
    /// Adds the authentication scheme <see cref="OidcDefaults.Scheme"/>. It verifies tokens itself; metadata addresses and
    /// validation parameters set on the framework's options for that scheme have no effect.
    /// </remarks>
    public static IZeroTrustBuilder AddOidc(this IZeroTrustBuilder builder, Action<OidcOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (!services.Any(service => service.ServiceType == typeof(OidcIssuers)))
        {
            AddOnce(services);
        }

        if (configure is not null)
        {
            services.Configure(configure);
        }

        return builder;
    }

    // The framework refuses a scheme that is added twice.
    private static void AddOnce(IServiceCollection services)
    {
        services.AddSettings<OidcOptions>(OidcOptions.SectionName, OidcSettings.Shape, static (section, options) => section.Bind(options));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OidcOptions>, OidcOptionsValidator>());
        services.AddMetrics();
        services.TryAddSingleton<OidcMetrics>();
        services.TryAddSingleton<OidcIssuers>();
        services.TryAddSingleton<IIssuerKeySource, DiscoveredKeySource>();
        services.AddHostedService<IssuerKeyRefresher>();
        services.TryAddSingleton<AccessTokenVerifier>();
        services.TryAddSingleton<AccessTokenHandler>();
        services.TryAddSingleton<IEdgeContextProvider, AccessTokenContextProvider>();

        services.AddAuthentication().AddJwtBearer(OidcDefaults.Scheme, static _ => { });
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<JwtBearerOptions>, BearerSchemeSetup>());
    }
}
