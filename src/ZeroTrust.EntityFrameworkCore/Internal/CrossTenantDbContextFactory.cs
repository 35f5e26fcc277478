using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz;

namespace ZeroTrust.EntityFrameworkCore.Internal;

internal sealed class CrossTenantDbContextFactory<TContext>(
    IServiceProvider services, Action<IServiceProvider, DbContextOptionsBuilder> configure, IAuthzContextAccessor accessor, TimeProvider time)
    : ICrossTenantDbContextFactory<TContext>
    where TContext : DbContext
{
    public TContext CreateDbContext(CrossTenantGrant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        _ = grant.CheckExpiry(time.GetUtcNow()).GetOrThrow();
        var builder = new DbContextOptionsBuilder<TContext>();
        builder.UseApplicationServiceProvider(services);
        configure(services, builder);
        builder.AddInterceptors(services.GetKeyedServices<IInterceptor>(typeof(ICrossTenantDbContextFactory<TContext>)));
        builder.UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking);
        ((IDbContextOptionsBuilderInfrastructure)builder).AddOrUpdateExtension(new TenancyOptionsExtension(accessor, time) { CrossTenant = true, Grant = grant });
        return ActivatorUtilities.CreateInstance<TContext>(services, builder.Options);
    }
}
