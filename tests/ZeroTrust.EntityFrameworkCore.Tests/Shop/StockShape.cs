using Microsoft.EntityFrameworkCore;

namespace ZeroTrust.EntityFrameworkCore.Tests.Shop;

/// <summary>
/// Shapes in which the database does more than is said: a split row, an alternate key, a writable shared row, an owned reference, a join.
/// </summary>
internal static class StockShape
{
    internal const string Placed = "Placed";

    internal static void Apply(ModelBuilder model)
    {
        var item = model.Entity<Item>().ToTable("Items");
        item.HasKey(row => new { row.Tenant, row.Id });
        item.Property(row => row.Tenant).HasColumnName("Tenant");
        item.Property(row => row.Id).ValueGeneratedNever();
        item.HasAlternateKey(row => new { row.Tenant, row.Name });
        item.HasTenant(row => row.Tenant);

        var text = model.Entity<ItemText>().ToTable("Items");
        text.HasKey(row => new { row.Tenant, row.Id });
        text.Property(row => row.Tenant).HasColumnName("Tenant");
        text.HasTenant(row => row.Tenant);
        text.HasOne<Item>().WithOne().HasForeignKey<ItemText>(row => new { row.Tenant, row.Id });

        model.Entity<Zone>().ToTable("Zones").SharedByTenants(writable: true);
        model.Entity<Zone>().Property(row => row.Id).ValueGeneratedNever();

        var rack = model.Entity<Rack>().ToTable("Racks");
        rack.HasKey(row => new { row.Tenant, row.Id });
        rack.Property(row => row.Id).ValueGeneratedNever();
        rack.HasTenant(row => row.Tenant);
        rack.HasOne<Zone>().WithMany().HasForeignKey(row => row.ZoneId).OnDelete(DeleteBehavior.Restrict);

        var box = model.Entity<Box>().ToTable("Boxes");
        box.Property(row => row.Id).ValueGeneratedNever();
        box.Property(row => row.Tenant).HasColumnName("Tenant");
        box.HasTenant(row => row.Tenant);
        box.OwnsOne(row => row.Content, content =>
        {
            content.Property<string>("Tenant").HasColumnName("Tenant").HasMaxLength(TenantId.MaxLength);
            content.HasOne<Item>().WithMany().HasForeignKey("Tenant", nameof(BoxContent.ItemId)).OnDelete(DeleteBehavior.Restrict);
        });
        box.Navigation(row => row.Content).IsRequired();

        model.Entity<Item>().HasMany<Rack>().WithMany().UsingEntity<Dictionary<string, object>>(
            Placed,
            join => join.HasOne<Rack>().WithMany().HasForeignKey("Tenant", "RackId"),
            join => join.HasOne<Item>().WithMany().HasForeignKey("Tenant", "ItemId"),
            join => join.ToTable(Placed).HasTenant("Tenant"));
    }
}
