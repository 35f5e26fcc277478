using Microsoft.EntityFrameworkCore;
using ZeroTrust.Authz;
using ZeroTrust.Samples.Tenancy;

namespace ZeroTrust.IntegrationTests.Mesh;

/// <summary>The orders of the calling tenant.</summary>
internal sealed class OrdersDb(DbContextOptions<OrdersDb> options, IAuthzContextAccessor accessor) : TenantDbContext(options, accessor)
{
    public DbSet<OrderRow> Orders => Set<OrderRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<OrderRow>().ToTable("Orders").HasQueryFilter(order => order.Tenant == Tenant);
}
