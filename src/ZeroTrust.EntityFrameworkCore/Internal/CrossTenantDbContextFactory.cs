using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz;

namespace ZeroTrust.EntityFrameworkCore.Internal;

internal sealed class CrossTenantDbContextFactory<TContext>(
    IServiceProvider services, TenancyBuilder<TContext> tenancy, IAuthzContextAccessor accessor, TimeProvider time)
    : ICrossTenantDbContextFactory<TContext>
    where TContext : DbContext
{
    public TContext CreateDbContext(CrossTenantGrant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        _ = grant.CheckExpiry(time.GetUtcNow()).GetOrThrow();
        var builder = new DbContextOptionsBuilder<TContext>();
        builder.UseApplicationServiceProvider(services);
        tenancy.CrossTenantDatabase!(services, builder);
        builder.AddInterceptors(services.GetKeyedServices<IInterceptor>(typeof(ICrossTenantDbContextFactory<TContext>)));
        builder.UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking);
        ((IDbContextOptionsBuilderInfrastructure)builder).AddOrUpdateExtension(
            new TenancyOptionsExtension(accessor, time) { CrossTenant = true, Grant = grant, MayUseRawSql = tenancy.MayUseRawSql });
        return ActivatorUtilities.CreateInstance<TContext>(services, builder.Options);
    }
}
