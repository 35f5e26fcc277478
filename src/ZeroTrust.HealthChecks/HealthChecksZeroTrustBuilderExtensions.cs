using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.AspNetCore;
using ZeroTrust.HealthChecks;
using ZeroTrust.HealthChecks.Diagnostics;
using ZeroTrust.HealthChecks.Exposure;
using ZeroTrust.HealthChecks.Internal;
using ZeroTrust.Shared;

namespace ZeroTrust;

/// <summary>Registers health on the ZeroTrust builder.</summary>
public static class HealthChecksZeroTrustBuilderExtensions
{
    /// <summary>
    /// Adds the readiness truth, the supervised running of every <see cref="IHealthCheck"/> registered with the host, and the drain on shutdown.
    /// Calling it again only adds configuration.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Runs after the section <see cref="HealthOptions.SectionName"/> was bound.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// Checks are tagged <c>ready</c> (also without a tag), <c>startup</c> (must pass once) or <c>live</c>. A dependency must never be tagged
    /// <c>live</c>: its outage would restart every replica. An unsafe configuration stops the host with all errors.
    /// </remarks>
    public static IZeroTrustBuilder AddHealthChecks(this IZeroTrustBuilder builder, Action<HealthOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var isFirst = services.All(service => service.ServiceType != typeof(ReadinessHub));
        if (isFirst)
        {
            services.AddSettings<HealthOptions>(
                HealthOptions.SectionName, HealthSettings.Shape, static (section, options) => section.Bind(options));
            AddServices(services);
        }

        if (configure is not null)
        {
            services.Configure(configure);
        }

        return builder;
    }

    /// <summary>Leaves diagnostics open outside Development. Safe to call more than once.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="weaken">What to leave open, and why.</param>
    /// <returns>The same builder.</returns>
    public static IZeroTrustBuilder DangerousHealthChecks(this IZeroTrustBuilder builder, Action<HealthDangers> weaken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(weaken);
        weaken(new HealthDangers(builder.Services));
        return builder;
    }

    private static void AddServices(IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HealthOptions>, HealthOptionsValidator>());
        services.AddOptions<HealthCheckServiceOptions>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();

        // gRPC's own endpoints for unknown services and methods would carry no decision; without them such calls reach no endpoint at all.
        services.AddGrpc(grpc =>
        {
            grpc.IgnoreUnknownServices = true;
            grpc.Interceptors.Add<DrainInterceptor>();
        });
        services.AddSingleton<DrainInterceptor>();
        services.AddSingleton<HealthMetrics>();
        services.AddSingleton(provider => new ReadinessHub(
            provider.GetRequiredService<IOptions<HealthOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<HealthMetrics>(),
            provider.GetRequiredService<ILogger<ReadinessHub>>()));

        // Added, not replaced: the application's own receivers hear every report as well, whenever they were registered.
        services.AddSingleton<IReadinessSignal>(provider => provider.GetRequiredService<ReadinessHub>());
        services.AddSingleton<Admission>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IEndpointAdmission, Admission>(provider => provider.GetRequiredService<Admission>()));
        services.AddSingleton<CheckSupervisor>();
        services.AddSingleton<HealthServices>();
        services.AddSingleton<HealthDetails>();
        services.AddSingleton<GrpcHealthService>();
        services.AddHostedService<HealthLifecycle>();
        AddExposureAudit(services);
    }

    private static void AddExposureAudit(IServiceCollection services)
    {
        services.AddSingleton(_ => new RuntimeExposure(Environment.GetEnvironmentVariable, Path.GetTempPath(), Environment.ProcessId));
        services.AddSingleton<PipelineExposure>();
        services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<PipelineExposure>());
        services.AddSingleton<ExposureAudit>();

        // The first filter is the outermost, and sees what the others add.
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, StartProofFilter>());
    }
}
