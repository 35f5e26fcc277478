using Microsoft.EntityFrameworkCore;

namespace ZeroTrust.EntityFrameworkCore.Npgsql.Tests;

public class Order
{
    public int Id { get; set; }

    public TenantId Tenant { get; set; }

    public string Product { get; set; } = "";
}

public sealed class OrdersDb(DbContextOptions<OrdersDb> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Order>().Property(order => order.Id).ValueGeneratedNever();
        modelBuilder.Entity<Order>().HasTenant(order => order.Tenant);
    }
}
