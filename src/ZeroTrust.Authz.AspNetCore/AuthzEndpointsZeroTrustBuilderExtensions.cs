using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.ResponseCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz;
using ZeroTrust.Authz.AspNetCore.Caching;
using ZeroTrust.Authz.AspNetCore.Diagnostics;
using ZeroTrust.Authz.AspNetCore.Internal;
using ZeroTrust.Authz.AspNetCore.Routes;
using ZeroTrust.Authz.AspNetCore.Transports;
using ZeroTrust.Shared;

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
    /// is not in the pipeline. A singleton that asks for <see cref="AuthzContext"/> itself is refused with an
    /// <see cref="InvalidOperationException"/>: it would act for its first caller ever after.
    /// </remarks>
    public static IZeroTrustBuilder AddAuthzEndpoints(this IZeroTrustBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(ContextMetrics)))
        {
            return builder;
        }

        services.AddMetrics();
        services.AddSingleton<ContextMetrics>();
        services.TryAddSingleton(provider => new ReportOnlyRollout(
            provider.GetService<AuthzReportOnly>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ContextMetrics>(),
            new QuietLogger(provider.GetRequiredService<ILogger<ReportOnlyRollout>>())));
        services.TryAddSingleton<ModelReaders>();
        services.TryAddSingleton<ModelGraph>();
        services.TryAddSingleton<TenantRouteProof>();
        services.AddSingleton<AcceptedMembers>();
        services.AddSingleton<IWeakeningSource>(provider => provider.GetRequiredService<AcceptedMembers>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, EndpointProofStartupFilter>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, UndecidedEndpointPolicy>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<MvcOptions>, TenantArgumentFilter>());
        services.TryAddSingleton<IServedCallFacts, ContextFacts>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, ContextUserHandler>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<OutputCacheOptions>, CallerCachePolicySetup>());
        services.AddSingleton<ResponseCachingBarrier>();
        services.AddSingleton<IPostConfigureOptions<ResponseCachingOptions>>(
            provider => provider.GetRequiredService<ResponseCachingBarrier>());
        services.TryAddSingleton<TransportEndpoints>();
        services.TryAddSingleton(provider => new TransportOwners(provider.GetRequiredService<TimeProvider>(), TransportOwners.Idle));
        services.TryAddSingleton(CircuitOwnersOf);
        services.TryAddSingleton<CircuitOwnerFilter>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<HubOptions>, CircuitOwnerSetup>());
        services.TryAddSingleton<RootServices>();
        services.TryAddScoped(CurrentContext);
        return builder;
    }

    private static CircuitOwners CircuitOwnersOf(IServiceProvider provider)
    {
        var kept = provider.GetRequiredService<IOptions<CircuitOptions>>().Value;
        TimeSpan[] periods =
        [
            kept.DisconnectedCircuitRetentionPeriod, kept.PersistedCircuitInMemoryRetentionPeriod,
            kept.PersistedCircuitDistributedRetentionPeriod ?? TimeSpan.Zero,
        ];
        return new CircuitOwners(new TransportOwners(provider.GetRequiredService<TimeProvider>(), periods.Max()));
    }

    private static AuthzContext CurrentContext(IServiceProvider provider)
    {
        // A singleton would keep the context of the call that happened to create it, and act for that caller ever after.
        if (provider.GetRequiredService<RootServices>().Is(provider))
        {
            throw new InvalidOperationException("A singleton asked for the context of one call; take IAuthzContextAccessor and read Current in each call.");
        }

        return provider.GetRequiredService<IAuthzContextAccessor>().Current
            ?? throw new RejectionException(AuthzRejections.Refuse(AuthzRejectionReason.ContextMissing, "The code asked for a context; the call has none."));
    }
}
