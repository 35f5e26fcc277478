using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ZeroTrust.EntityFrameworkCore;
using ZeroTrust.EntityFrameworkCore.Npgsql.Internal;
using ZeroTrust.Npgsql;

namespace ZeroTrust;

/// <summary>Registers row-level security below Entity Framework Core.</summary>
public static class RowSecurityZeroTrustBuilderExtensions
{
    /// <summary>
    /// Confines a database context twice: by <c>AddTenancy</c>, and by the policies of PostgreSQL, to which the tenant goes with every command. Raw SQL may then
    /// pass. Brings the audit of <c>AddRowLevelSecurity</c>. Safe to call more than once.
    /// </summary>
    /// <typeparam name="TContext">The database context, on <c>UseNpgsql</c> with the registered <c>NpgsqlDataSource</c>, which the audit reads.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes options after the configuration was read.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>A save always runs in a transaction, and asks one more round trip for it: what it writes and the tenant are told apart by the provider.</remarks>
    public static IZeroTrustBuilder AddRowLevelSecurity<TContext>(this IZeroTrustBuilder builder, Action<RowLevelSecurityOptions>? configure = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddRowLevelSecurity(configure).AddTenancy<TContext>(tenancy => tenancy.EnforcedByDatabase());
        if (!builder.Services.Any(service => service.ServiceType == typeof(RowSecurityInterceptor<TContext>)))
        {
            builder.Services.TryAddSingleton(CreatePreamble);
            builder.Services.AddSingleton<RowSecurityInterceptor<TContext>>();
            builder.Services.TryAddSingleton<RowSecurityTransactionInterceptor>();
            builder.Services.TryAddSingleton<RowSecurityConnectionInterceptor>();
            builder.Services.AddKeyedSingleton<IInterceptor, GrantInterceptor>(typeof(ICrossTenantDbContextFactory<TContext>));
            builder.Services.ConfigureDbContext<TContext>((provider, options) => options.AddInterceptors(
                provider.GetRequiredService<RowSecurityInterceptor<TContext>>(),
                provider.GetRequiredService<RowSecurityTransactionInterceptor>(),
                provider.GetRequiredService<RowSecurityConnectionInterceptor>()));
        }

        return builder;
    }

    private static TenantPreamble CreatePreamble(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<RowLevelSecurityOptions>>().Value;
        return new TenantPreamble(options.SigningKey, options.Pooler, provider.GetRequiredService<TimeProvider>());
    }
}
