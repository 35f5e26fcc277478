using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.AspNetCore;
using ZeroTrust.AspNetCore.Connections;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.AspNetCore.Forwarding;
using ZeroTrust.AspNetCore.Internal;
using ZeroTrust.AspNetCore.Listeners;

namespace ZeroTrust;

/// <summary>Registers the ASP.NET Core host of ZeroTrust.</summary>
public static class AspNetCoreZeroTrustBuilderExtensions
{
    /// <summary>
    /// Binds the listeners of <c>ZeroTrust:Listeners</c> and nothing else, and registers the endpoint decisions and the
    /// one answer to refused calls. Safe to call more than once.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes what was bound from the configuration.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>Listeners that present the workload's certificate need <c>AddMtls()</c>.</remarks>
    public static IZeroTrustBuilder AddListeners(this IZeroTrustBuilder builder, Action<ListenersOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var options = services.AddOptionsWithValidateOnStart<ListenersOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<ListenersOptions>, ListenersBinder>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ListenersOptions>, ListenersOptionsValidator>());
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddSingleton(_ => new BoundListeners());
        services.TryAddSingleton<AspNetCoreMetrics>();
        services.TryAddSingleton(provider => new OpenConnections(
            provider.GetRequiredService<ILogger<OpenConnections>>(),
            provider.GetRequiredService<AspNetCoreMetrics>()));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<LiveConnections>();
        services.TryAddSingleton<EdgeCertificates>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, EdgeCertificatePolling>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<KestrelServerOptions>, ListenerBinding>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, BoundAddressCheck>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ConnectionSweep>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, ForwardingProofStartupFilter>());
        services.TryAddSingleton(provider => new RejectionHandler(
            provider.GetServices<IRejectionWriter>(),
            provider.GetRequiredService<ILogger<RejectionHandler>>(),
            provider.GetRequiredService<AspNetCoreMetrics>()));
        AddDecisions(services);
        return builder;
    }

    /// <summary>Adds the authentication scheme <see cref="PeerAuthenticationDefaults.Scheme"/>: the verified peer as a principal.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>The principal names the workload and its DNS names; never the subject of the certificate. Safe to call more than once.</remarks>
    public static IZeroTrustBuilder AddPeerAuthentication(this IZeroTrustBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Services.All(service => service.ServiceType != typeof(PeerAuthenticationHandler)))
        {
            builder.Services.AddAuthentication()
                .AddScheme<AuthenticationSchemeOptions, PeerAuthenticationHandler>(PeerAuthenticationDefaults.Scheme, configureOptions: null);
        }

        return builder;
    }

    private static void AddDecisions(IServiceCollection services)
    {
        services.AddAuthorization();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, ResponseGuardStartupFilter>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, EndpointDecisionHandler>());
        services.Replace(ServiceDescriptor.Singleton<IAuthorizationMiddlewareResultHandler, DecisionResultHandler>());

        // After whatever the application configures: an endpoint without a decision falls to this policy too.
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<AuthorizationOptions>, EndpointDecisionPolicySetup>());
    }
}
