using Microsoft.EntityFrameworkCore;
using ZeroTrust.Authz;

namespace ZeroTrust.EntityFrameworkCore;

/// <summary>Makes database contexts that read the rows of all tenants. Registered by <see cref="TenancyBuilder{TContext}.AllowCrossTenantReads"/>.</summary>
/// <typeparam name="TContext">The database context.</typeparam>
public interface ICrossTenantDbContextFactory<out TContext>
    where TContext : DbContext
{
    /// <summary>Makes a database context that reads across tenants while the grant lasts, tracks nothing and writes nothing.</summary>
    /// <param name="grant">The grant, which was recorded when it was acquired.</param>
    /// <returns>The database context; dispose it.</returns>
    /// <exception cref="RejectionException">The grant has ended: <c>authz.cross_tenant_grant_expired</c>.</exception>
    TContext CreateDbContext(CrossTenantGrant grant);
}
