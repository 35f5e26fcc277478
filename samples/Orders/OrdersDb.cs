using Microsoft.EntityFrameworkCore;
using ZeroTrust.Authz;
using ZeroTrust.Samples.Tenancy;

namespace ZeroTrust.Samples.Orders;

/// <summary>The orders of the calling tenant; other tenants' rows do not exist here.</summary>
internal sealed class OrdersDb(DbContextOptions<OrdersDb> options, IAuthzContextAccessor accessor) : TenantDbContext(options, accessor)
{
    public DbSet<Order> Orders => Set<Order>();

    public static async Task CreateAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<OrdersDb>().Database.EnsureCreatedAsync();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<Order>().HasQueryFilter(order => order.Tenant == Tenant);
}
