using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;
using ZeroTrust.Authz;
using ZeroTrust.Npgsql;
using ZeroTrust.Npgsql.Internal;
using ZeroTrust.Shared;

namespace ZeroTrust;

/// <summary>Registers PostgreSQL row-level security.</summary>
public static class RowLevelSecurityZeroTrustBuilderExtensions
{
    /// <summary>
    /// Adds <see cref="TenantDataSource"/> over the registered <see cref="NpgsqlDataSource"/>, and the audit that stops the host, bound to
    /// <c>ZeroTrust:RowLevelSecurity</c>. Needs <c>AddAuthz</c>. Safe to call more than once.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes options after the configuration was read.</param>
    /// <returns>The same builder.</returns>
    public static IZeroTrustBuilder AddRowLevelSecurity(this IZeroTrustBuilder builder, Action<RowLevelSecurityOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;

        // Binding twice would double every list.
        if (!services.Any(service => service.ServiceType == typeof(TenantDataSource)))
        {
            services.AddLogging();
            services.AddSettings<RowLevelSecurityOptions>(
                RowLevelSecurityOptions.SectionName, RowLevelSecuritySettings.Shape, static (section, options) => section.Bind(options));
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RowLevelSecurityOptions>, RowLevelSecurityOptionsValidator>());
            services.AddSingleton(CreateDataSource);
            services.TryAddSingleton(TimeProvider.System);
            services.AddHostedService<RowSecurityCheck>();
            services.AddHostedService<DatabaseReadiness>();
        }

        if (configure is not null)
        {
            services.Configure(configure);
        }

        return builder;
    }

    /// <summary>
    /// Names a data source that reads across tenants, by <c>WithGrant</c> or <c>AllowCrossTenantReads</c>: its role is audited at start,
    /// and the host stops when it may do more than read. Without it the audit runs before the first command of a grant. Needs
    /// <see cref="AddRowLevelSecurity"/>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="source">The data source.</param>
    /// <returns>The same builder.</returns>
    public static IZeroTrustBuilder AddCrossTenantSource(this IZeroTrustBuilder builder, Func<IServiceProvider, NpgsqlDataSource> source)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(source);
        builder.Services.AddSingleton(provider => new CrossTenantSource(source(provider)));
        return builder;
    }

    private static TenantDataSource CreateDataSource(IServiceProvider provider)
    {
        var source = provider.GetRequiredService<NpgsqlDataSource>();
        var options = provider.GetRequiredService<IOptions<RowLevelSecurityOptions>>().Value;
        var accessor = provider.GetRequiredService<IAuthzContextAccessor>();
        var time = provider.GetRequiredService<TimeProvider>();
        PoolingCheck.Require(source, options.Pooler);
        return new TenantDataSource(source, () => new TenantSession(
            accessor.Current ?? throw new RejectionException(NpgsqlRejections.Refuse(NpgsqlRejectionReason.ContextMissing, "No context is current, so there is no tenant to connect for.")),
            options.SigningKey,
            time,
            options.Pooler));
    }
}
