using Microsoft.EntityFrameworkCore;

namespace ZeroTrust.EntityFrameworkCore.Tests.Shapes;

/// <summary>The nearest models that are accepted.</summary>
internal static class SoundModels
{
    private static readonly string[] Products =
        ["INSERT INTO \"Products\" (\"Id\", \"Tenant\", \"Name\") VALUES (1, 'a', 'of a')", ModelFlaws.ProductOfB()];

    internal static ModelShape Restricted => new(
        "restricted",
        "",
        [typeof(Product), typeof(Category)],
        (model, _) => ModelFlaws.ProductsOfCategories(model, DeleteBehavior.Restrict))
    {
        Seed = ["INSERT INTO \"Categories\" (\"Id\", \"Name\") VALUES (1, 'tools'), (2, 'toys')", ModelFlaws.ProductOfB("1")],
    };

    internal static ModelShape KeyWithTenant => new("alternate key", "", [typeof(Product)], (model, _) =>
    {
        ModelFlaws.Products(model);
        model.Entity<Product>().HasAlternateKey(row => new { row.Tenant, row.Name });
        model.Entity<Product>().HasIndex(row => new { row.CategoryId, row.Tenant }).IsUnique();
    })
    {
        Seed = [ModelFlaws.ProductOfB()],
    };

    /// <summary>The owned part sees the tenant's column of its owner's row, and refers with it.</summary>
    internal static ModelShape OwnedReference => new("owned reference", "", [typeof(Product), typeof(Purchase)], (model, _) =>
    {
        ModelFlaws.Products(model);
        var purchase = model.Entity<Purchase>().ToTable("Purchases").HasTenant(row => row.Tenant);
        purchase.Property(row => row.Tenant).HasColumnName("Tenant");
        purchase.Ignore(row => row.Lines).OwnsOne(row => row.Line, line =>
        {
            line.Property<string>("Tenant").HasColumnName("Tenant").HasMaxLength(128);
            line.HasOne<Product>().WithMany().HasForeignKey("Tenant", "ProductId").HasPrincipalKey("Tenant", "Id")
                .OnDelete(DeleteBehavior.Restrict);
        });
    })
    {
        Seed = Products,
    };

    /// <summary>Two types of the tenant share a row.</summary>
    internal static ModelShape SplitTable => new("split table", "", [typeof(Product), typeof(ProductText)], (model, _) =>
    {
        ModelFlaws.Products(model);
        model.Entity<Product>().Property(row => row.Tenant).HasColumnName("Tenant");
        model.Entity<ProductText>().ToTable("Products").HasTenant("Tenant");
        model.Entity<ProductText>().Property("Tenant").HasColumnName("Tenant");
        model.Entity<ProductText>().HasOne<Product>().WithOne().HasForeignKey<ProductText>(row => row.Id);
    })
    {
        Seed = [.. Products, "UPDATE \"Products\" SET \"Text\" = \"Name\""],
    };

    internal static ModelShape ManyToMany => new("many to many", "", [typeof(Product), typeof(Purchase)], (model, _) =>
    {
        ModelFlaws.Products(model);
        model.Entity<Purchase>().ToTable("Purchases").Ignore(row => row.Line).Ignore(row => row.Lines).HasTenant(row => row.Tenant);
        model.Entity<Product>().HasMany<Purchase>().WithMany().UsingEntity<Dictionary<string, object>>(
            "Bought",
            join => join.HasOne<Purchase>().WithMany().HasForeignKey("Tenant", "PurchaseId").HasPrincipalKey("Tenant", "Id"),
            join => join.HasOne<Product>().WithMany().HasForeignKey("Tenant", "ProductId").HasPrincipalKey("Tenant", "Id"),
            join => join.ToTable("Bought").HasTenant("Tenant"));
    })
    {
        Seed = [.. Products, "INSERT INTO \"Purchases\" (\"Id\", \"Tenant\") VALUES (1, 'a'), (2, 'b')",
            "INSERT INTO \"Bought\" (\"Tenant\", \"PurchaseId\", \"ProductId\") VALUES ('b', 2, 2)"],
    };

    internal static ModelShape TrustedView => new("trusted view", "", [typeof(Product), typeof(Purchase)], (model, _) =>
    {
        model.Entity<Product>().ToView("Names").HasTenant(row => row.Tenant)
            .DangerousTrustMapping("Each of its rows is made of rows of one tenant.");
        model.Entity<Purchase>().ToTable("Purchases").Ignore(row => row.Line).Ignore(row => row.Lines).HasTenant(row => row.Tenant);
    })
    {
        Seed =
        [
            "INSERT INTO \"Purchases\" (\"Id\", \"Tenant\") VALUES (1, 'a'), (2, 'b')",
            "CREATE VIEW \"Names\" AS SELECT \"Id\", \"Tenant\", \"Tenant\" AS \"Name\", NULL AS \"CategoryId\" FROM \"Purchases\"",
        ],
    };
}
