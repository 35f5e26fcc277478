using Microsoft.EntityFrameworkCore;
using ZeroTrust.EntityFrameworkCore;

namespace ZeroTrust.IntegrationTests.Mesh;

/// <summary>The orders of the calling tenant.</summary>
internal sealed class OrdersDb(DbContextOptions<OrdersDb> options) : DbContext(options)
{
    public DbSet<OrderRow> Orders => Set<OrderRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<OrderRow>().ToTable("Orders").HasTenant(order => order.Tenant);
}
