using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
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
using ZeroTrust.AspNetCore.Proxies;
using ZeroTrust.Shared;

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
        if (services.All(descriptor => descriptor.ServiceType != typeof(BoundListeners)))
        {
            services.AddSettings<ListenersOptions>(
                ListenersOptions.SectionName, ListenersSettings.Shape, static (section, options) => section.Bind(options.Listeners));
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ListenersOptions>, ListenersOptionsValidator>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(_ => new BoundListeners());
        services.TryAddSingleton(provider => new DeclaredListeners(
            provider,
            provider.GetRequiredService<IOptions<ListenersOptions>>(),
            provider.GetServices<Weakening>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ListenerDangers>()));
        services.TryAddSingleton<AspNetCoreMetrics>();
        services.TryAddSingleton(provider => new OpenConnections(
            provider.GetRequiredService<ILogger<OpenConnections>>(),
            provider.GetRequiredService<AspNetCoreMetrics>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<LiveConnections>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<SocketTransportOptions>, AcceptBacklog>());
        services.TryAddSingleton<EdgeCertificates>();
        services.TryAddSingleton(provider => new CertificateHeaders(
            provider.GetRequiredService<IOptions<ListenersOptions>>(), provider.GetService<ListenerDangers>()));
        services.TryAddSingleton(provider => new ForwardedHeaders(
            provider.GetRequiredService<CertificateHeaders>(), provider.GetService<ListenerDangers>()?.ForwardedHeaders ?? []));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ListenerWeakenings>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, EdgeCertificatePolling>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<KestrelServerOptions>, ListenerBinding>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, BoundAddressCheck>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ConnectionSweep>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, ForwardingProofStartupFilter>());
        services.TryAddSingleton(provider => new RejectionHandler(
            provider.GetServices<IRejectionWriter>(),
            provider.GetServices<IUpstreamRefusalReader>(),
            provider.GetRequiredService<ILogger<RejectionHandler>>(),
            provider.GetRequiredService<AspNetCoreMetrics>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IExceptionHandler, RefusalExceptionHandler>());
        AddDecisions(services);
        return builder;
    }

    /// <summary>
    /// Weakens checks of listeners, in code alone: each member takes a reason, is logged at start and shown to operators.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="weaken">What to weaken, and why.</param>
    /// <returns>The same builder.</returns>
    public static IZeroTrustBuilder DangerousListeners(this IZeroTrustBuilder builder, Action<ListenerDangers> weaken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(weaken);
        var services = builder.Services;
        var registered = services.FirstOrDefault(static descriptor => descriptor.ServiceType == typeof(ListenerDangers));
        var dangers = (ListenerDangers?)registered?.ImplementationInstance ?? new ListenerDangers(services);
        services.TryAddSingleton(dangers);
        weaken(dangers);
        return builder;
    }

    /// <summary>Adds the authentication scheme <see cref="PeerAuthenticationDefaults.Scheme"/>: the verified peer as a principal.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// The principal names the workload and its DNS names; never the subject of the certificate. Safe to call more than once.
    /// </remarks>
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
        services.TryAddSingleton<EndpointJudge>();
        services.TryAddSingleton<EndpointGates>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, GuardedMatcherPolicy>());
        services.TryAddSingleton<GuardProof>();
        services.AddOptions<HostFilteringOptions>();
        services.Replace(ServiceDescriptor.Singleton<IApplicationBuilderFactory, GuardedApplicationBuilderFactory>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, GuardProof>(provider => provider.GetRequiredService<GuardProof>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, GuardProofStartupFilter>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, EndpointDecisionHandler>());
        services.Replace(ServiceDescriptor.Singleton<IAuthorizationMiddlewareResultHandler, DecisionResultHandler>());

        // After whatever the application configures: an endpoint without a decision falls to this policy too.
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<AuthorizationOptions>, EndpointDecisionPolicySetup>());
    }
}
