using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.Authz;
using ZeroTrust.Authz.Diagnostics;
using ZeroTrust.Authz.Internal;
using ZeroTrust.Mtls;
using ZeroTrust.Shared;

namespace ZeroTrust;

/// <summary>Registers the propagated authorization context.</summary>
public static class AuthzZeroTrustBuilderExtensions
{
    /// <summary>Adds minting, verifying and handing on of contexts, bound to <c>ZeroTrust:Authz</c>. Needs <c>AddMtls</c>. Safe to call more than once.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes options after the configuration was read.</param>
    /// <returns>The same builder.</returns>
    public static IZeroTrustBuilder AddAuthz(this IZeroTrustBuilder builder, Action<AuthzOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // Binding twice would double every list.
        if (!builder.Services.Any(service => service.ServiceType == typeof(AuthzMetrics)))
        {
            Register(builder.Services);
        }

        if (configure is not null)
        {
            builder.Services.Configure(configure);
        }

        return builder;
    }

    /// <summary>Weakens checks of the context, in code alone: each member takes a reason, is logged at start and shown to operators.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="weaken">What to weaken, and why.</param>
    /// <returns>The same builder.</returns>
    public static IZeroTrustBuilder DangerousAuthz(this IZeroTrustBuilder builder, Action<AuthzDangers> weaken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(weaken);
        var services = builder.Services;
        var registered = services.FirstOrDefault(descriptor => descriptor.ServiceType == typeof(AuthzDangers));
        var dangers = (AuthzDangers?)registered?.ImplementationInstance ?? new AuthzDangers(services);
        services.TryAddSingleton(dangers);
        weaken(dangers);
        return builder;
    }

    private static void Register(IServiceCollection services)
    {
        services.AddLogging();
        services.AddMetrics();
        services.AddSettings<AuthzOptions>(
            AuthzOptions.SectionName, AuthzSettings.Shape, static (section, options) => section.Bind(options));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AuthzOptions>, AuthzOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AuthzOptions>, AuthzClientsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AuthzOptions>, AuthzDangersValidator>());
        services.AddSingleton<AuthzMetrics>();
        services.AddSingleton<SigningIdentitySource>();
        services.AddHostedService<SigningIdentityCheck>();
        services.AddHostedService<WeakeningReport>();
        services.AddSingleton(provider => new MintGrants(Options(provider)));
        services.TryAddSingleton<ITokenServiceKeySource, FileTokenServiceKeySource>();
        services.AddHostedService<TokenServiceKeyPolling>();
        services.AddSingleton(CreateRules);
        services.TryAddSingleton<IAuthzContextAccessor, AuthzContextAccessor>();
        services.TryAddSingleton(CreateVerifier);
        services.TryAddSingleton(CreateMinter);
        services.TryAddSingleton(CreateLinker);
        services.TryAddSingleton(CreatePlainReader);
        services.TryAddSingleton<ICrossTenantAudit, LoggedCrossTenantAudit>();
        services.TryAddSingleton(CreateCrossTenantGrants);
    }

    private static ChainRules CreateRules(IServiceProvider provider) => new(
        provider.GetRequiredService<PeerVerifier>(),
        provider.GetRequiredService<MintGrants>(),
        provider.GetRequiredService<ITokenServiceKeySource>(),
        OwnDomain(provider));

    private static AuthzContextVerifier CreateVerifier(IServiceProvider provider) => new(
        provider.GetRequiredService<PeerVerifier>(),
        provider.GetRequiredService<ChainRules>(),
        provider.GetRequiredService<SigningIdentitySource>(),
        Options(provider).MaxCachedContexts,
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<AuthzMetrics>());

    private static AuthzContextMinter CreateMinter(IServiceProvider provider) => new(
        provider.GetRequiredService<SigningIdentitySource>(),
        provider.GetRequiredService<MintGrants>(),
        provider.GetRequiredService<ChainRules>(),
        OwnDomain(provider),
        Options(provider),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<AuthzMetrics>(),
        provider.GetRequiredService<ILogger<AuthzContextMinter>>());

    private static AuthzContextLinker CreateLinker(IServiceProvider provider) => new(
        provider.GetRequiredService<SigningIdentitySource>(),
        Options(provider).MaxCachedContexts,
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<AuthzMetrics>());

    private static PlainContextReader CreatePlainReader(IServiceProvider provider) => new(
        provider.GetService<AuthzDangers>()?.PlainSenders ?? new HashSet<WorkloadId>(),
        provider.GetRequiredService<MintGrants>(),
        provider.GetRequiredService<AuthzContextMinter>(),
        provider.GetRequiredService<TimeProvider>());

    private static CrossTenantGrants CreateCrossTenantGrants(IServiceProvider provider) => new(
        Options(provider),
        provider.GetRequiredService<ICrossTenantAudit>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<CrossTenantGrants>>());

    private static AuthzOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<AuthzOptions>>().Value;

    private static TrustDomain OwnDomain(IServiceProvider provider) =>
        TrustDomain.Parse(provider.GetRequiredService<IOptions<MtlsOptions>>().Value.TrustDomain ?? string.Empty);
}
