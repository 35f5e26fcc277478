using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls;
using ZeroTrust.Mtls.Internal;
using ZeroTrust.Shared;

namespace ZeroTrust;

/// <summary>Registers mutual TLS.</summary>
public static class MtlsZeroTrustBuilderExtensions
{
    /// <summary>
    /// Adds the own credential, the trusted bundles and the peer verifier, from <c>ZeroTrust:Mtls</c>. Safe to call more than once.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options after the configuration was bound.</param>
    /// <remarks>Register another <see cref="IPeerCredentialSource"/> or <see cref="ITrustBundleSource"/> to replace the files.</remarks>
    public static IZeroTrustBuilder AddMtls(this IZeroTrustBuilder builder, Action<MtlsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (services.All(descriptor => descriptor.ServiceType != typeof(PeerVerifier)))
        {
            services.AddSettings<MtlsOptions>(
                MtlsOptions.SectionName,
                MtlsSettings.Shape,
                static (section, options) =>
                {
                    section.Bind(options);
                    MtlsSettings.BindServers(section, options);
                });
            services.AddLogging();
            services.AddMetrics();
        }

        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MtlsOptions>, MtlsOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, MtlsHostedService>());
        services.TryAddSingleton<IPeerCredentialSource, FilePeerCredentialSource>();
        services.TryAddSingleton<ITrustBundleSource, FileTrustBundleSource>();
        services.TryAddSingleton<PeerVerifier>();
        services.TryAddSingleton<PeerTls>();
        services.TryAddSingleton(static provider => new MtlsServers(
            provider.GetRequiredService<IOptions<MtlsOptions>>().Value,
            provider.GetRequiredService<PeerVerifier>(),
            provider.GetRequiredService<ITrustBundleSource>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<MtlsServers>>(),
            provider.GetService<IMeterFactory>(),
            provider.GetService<MtlsDangers>()));
        services.TryAddSingleton(static provider => new MtlsHandlerFactory(
            provider.GetRequiredService<PeerTls>(),
            provider.GetRequiredService<PeerVerifier>(),
            provider.GetRequiredService<IPeerCredentialSource>(),
            provider.GetRequiredService<IOptions<MtlsOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<MtlsHandlerFactory>>(),
            provider.GetService<IMeterFactory>())
        {
            Servers = provider.GetRequiredService<MtlsServers>(),
            Mappers = [.. provider.GetServices<IOutboundRejectionMapper>()],
        });
        services.TryAddSingleton(static provider => new MtlsClients(
            provider.GetServices<MtlsClientBinding>(), provider.GetRequiredService<IOptions<MtlsOptions>>(), provider.GetService<MtlsDangers>()));
        return builder;
    }

    /// <summary>
    /// Weakens checks of mutual TLS, in code alone: each member takes a reason, is logged at start and shown to operators.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="weaken">What to weaken, and why.</param>
    /// <remarks>
    /// It reaches the credential and the bundles from files; what code makes itself has members named Dangerous of its own.
    /// </remarks>
    public static IZeroTrustBuilder DangerousMtls(this IZeroTrustBuilder builder, Action<MtlsDangers> weaken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(weaken);
        var services = builder.Services;
        var registered = services.FirstOrDefault(descriptor => descriptor.ServiceType == typeof(MtlsDangers));
        var dangers = (MtlsDangers?)registered?.ImplementationInstance ?? new MtlsDangers(services);
        services.TryAddSingleton(dangers);
        weaken(dangers);
        return builder;
    }
}
