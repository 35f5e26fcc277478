using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ZeroTrust.Authz;
using ZeroTrust.EntityFrameworkCore;
using ZeroTrust.EntityFrameworkCore.Internal;

namespace ZeroTrust;

/// <summary>Registers the confinement of database contexts to the tenant.</summary>
public static class TenancyZeroTrustBuilderExtensions
{
    /// <summary>Confines a database context to the tenant of the current <see cref="AuthzContext"/>. Needs <c>AddAuthz</c>. Safe to call more than once.</summary>
    /// <typeparam name="TContext">The database context, as it is registered with <c>AddDbContext</c>, <c>AddDbContextPool</c> or <c>AddDbContextFactory</c>.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">What it is allowed beside its tenant's rows; the last call decides.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// The host does not start while an entity type is undecided (<see cref="TenancyEntityTypeBuilderExtensions"/>), a reference could cross tenants, or
    /// another registered database context is neither confined nor named by <see cref="AddWithoutTenancy{TContext}"/>.
    /// </remarks>
    public static IZeroTrustBuilder AddTenancy<TContext>(this IZeroTrustBuilder builder, Action<TenancyBuilder<TContext>>? configure = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var tenancy = Find<TContext>(services);
        if (tenancy is null)
        {
            tenancy = new TenancyBuilder<TContext>();
            services.AddSingleton(tenancy);
            services.AddLogging();
            services.ConfigureDbContext<TContext>((provider, options) => Confine(provider, options, tenancy));
            AddCheck(services, new DecidedContext(typeof(TContext), Reason: null));
        }

        configure?.Invoke(tenancy);
        if (tenancy.RawSqlReason is { } reason)
        {
            services.TryAddRawSqlWeakening(typeof(TContext), reason);
        }

        if (tenancy.CrossTenantDatabase is not null)
        {
            services.TryAddScoped<ICrossTenantDbContextFactory<TContext>>(provider => new CrossTenantDbContextFactory<TContext>(
                provider, tenancy, provider.GetRequiredService<IAuthzContextAccessor>(), provider.GetRequiredService<TimeProvider>()));
        }

        return builder;
    }

    /// <summary>Names a database context that holds no tenant's rows, so that the host starts with it.</summary>
    /// <typeparam name="TContext">The database context.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="reason">Why no row in it belongs to a tenant.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    public static IZeroTrustBuilder AddWithoutTenancy<TContext>(this IZeroTrustBuilder builder, string reason)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        AddCheck(builder.Services, new DecidedContext(typeof(TContext), reason));
        return builder;
    }

    private static void Confine<TContext>(IServiceProvider provider, DbContextOptionsBuilder options, TenancyBuilder<TContext> tenancy)
        where TContext : DbContext
    {
        var extension = new TenancyOptionsExtension(provider.GetRequiredService<IAuthzContextAccessor>(), provider.GetRequiredService<TimeProvider>())
        {
            MayUseRawSql = tenancy.MayUseRawSql,
            Database = tenancy.Database,
        };
        ((IDbContextOptionsBuilderInfrastructure)options).AddOrUpdateExtension(extension);
    }

    private static void AddCheck(IServiceCollection services, DecidedContext decided)
    {
        services.AddSingleton(decided);
        if (!services.Any(service => service.ImplementationType == typeof(TenancyCheck)))
        {
            services.AddSingleton(new RegisteredContexts(services));
            services.AddHostedService<TenancyCheck>();
        }
    }

    private static void TryAddRawSqlWeakening(this IServiceCollection services, Type context, string reason)
    {
        var name = $"tenancy.raw_sql:{context.Name}";
        if (!services.Any(service => service.ImplementationInstance is Weakening weakening && weakening.Name == name))
        {
            services.AddSingleton(new Weakening(name, reason));
        }
    }

    private static TenancyBuilder<TContext>? Find<TContext>(IServiceCollection services)
        where TContext : DbContext =>
        (TenancyBuilder<TContext>?)services.FirstOrDefault(service => service.ServiceType == typeof(TenancyBuilder<TContext>))?.ImplementationInstance;
}
