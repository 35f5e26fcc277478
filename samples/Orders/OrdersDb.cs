using Microsoft.EntityFrameworkCore;
using ZeroTrust.EntityFrameworkCore;

namespace ZeroTrust.Samples.Orders;

/// <summary>The orders of the calling tenant; other tenants' rows do not exist here.</summary>
internal sealed class OrdersDb(DbContextOptions<OrdersDb> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();

    public static async Task CreateAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<OrdersDb>().Database.EnsureCreatedAsync();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<Order>().HasTenant(order => order.Tenant);
}
