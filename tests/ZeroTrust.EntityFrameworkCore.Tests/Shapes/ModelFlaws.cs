using Microsoft.EntityFrameworkCore;

namespace ZeroTrust.EntityFrameworkCore.Tests.Shapes;

/// <summary>Models that leave a way round the tenant. Product 2 and purchase 2 are b's.</summary>
internal static class ModelFlaws
{
    internal const string Secret = "secret of b";

    private const string ProductsOfB = "SELECT \"Id\", \"Name\", \"CategoryId\" FROM \"Products\" WHERE \"Tenant\" = 'b'";

    private static readonly string[] CategoryAndProduct =
        ["INSERT INTO \"Categories\" (\"Id\", \"Name\") VALUES (1, 'tools')", ProductOfB("1")];

    internal static IEnumerable<ModelShape> All => [.. References(), .. Uniqueness(), .. Owned(), .. Tables(), .. Filters()];

    internal static string ProductOfB(string category = "NULL") =>
        $"INSERT INTO \"Products\" (\"Id\", \"Tenant\", \"Name\", \"CategoryId\") VALUES (2, 'b', '{Secret}', {category})";

    internal static void Products(ModelBuilder model) => model.Entity<Product>().ToTable("Products").HasTenant(row => row.Tenant);

    internal static void Categories(ModelBuilder model, bool writable) =>
        model.Entity<Category>().ToTable("Categories").SharedByTenants(writable);

    internal static void ProductsOfCategories(ModelBuilder model, DeleteBehavior behavior)
    {
        Products(model);
        Categories(model, writable: true);
        model.Entity<Product>().HasOne<Category>().WithMany().HasForeignKey(row => row.CategoryId).OnDelete(behavior);
    }

    private static string Save(DbContext db, object row)
    {
        Assert.NotNull(row);
        return $"{db.SaveChanges()} saved";
    }

    private static IEnumerable<ModelShape> References()
    {
        Type[] types = [typeof(Product), typeof(Category)];
        yield return new(
            "a deleted shared row deletes rows of tenants",
            "deletes rows of other tenants",
            types,
            (model, _) => ProductsOfCategories(model, DeleteBehavior.Cascade))
        {
            Seed = CategoryAndProduct,
            Watched = ProductsOfB,
            Attack = db => Save(db, db.Remove(new Category { Id = 1 })),
        };
        yield return new(
            "a shared row deleted in bulk deletes rows of tenants",
            "deletes rows of other tenants",
            types,
            (model, _) => ProductsOfCategories(model, DeleteBehavior.Cascade))
        {
            Seed = CategoryAndProduct,
            Watched = ProductsOfB,
            Attack = db => $"{db.Set<Category>().ExecuteDelete()} deleted",
        };
        yield return new(
            "a deleted shared row changes rows of tenants",
            "changes rows of other tenants",
            types,
            (model, _) => ProductsOfCategories(model, DeleteBehavior.SetNull))
        {
            Seed = CategoryAndProduct,
            Watched = ProductsOfB,
            Attack = db => Save(db, db.Remove(new Category { Id = 1 })),
        };
        yield return new(
            "a deleted shared row deletes read-only rows",
            "deletes rows that tenants may only read",
            [typeof(Category), typeof(Shelf)],
            (model, _) =>
        {
            Categories(model, writable: true);
            model.Entity<Shelf>().ToTable("Shelves").SharedByTenants();
            model.Entity<Shelf>().HasOne<Category>().WithMany().HasForeignKey(row => row.CategoryId).OnDelete(DeleteBehavior.Cascade);
        })
        {
            Seed = [CategoryAndProduct[0], "INSERT INTO \"Shelves\" (\"Id\", \"CategoryId\") VALUES (1, 1)"],
            Watched = "SELECT \"Id\" FROM \"Shelves\"",
            Attack = db => Save(db, db.Remove(new Category { Id = 1 })),
        };
    }

    private static IEnumerable<ModelShape> Uniqueness()
    {
        yield return new("an alternate key spans tenants", "add Tenant to the alternate key", [typeof(Product)], (model, _) =>
        {
            Products(model);
            model.Entity<Product>().HasAlternateKey(row => row.Name);
        })
        {
            Seed = [ProductOfB()],
            Watched = "SELECT count(*) FROM \"Products\"",
            Attack = db => Refusal(db, new Product { Id = 1, Name = Secret }),
        };
        yield return new("a filtered index spans tenants", "add Tenant to the index", [typeof(Product)], (model, _) =>
        {
            Products(model);
            model.Entity<Product>().HasIndex(row => row.Name).IsUnique().HasFilter("\"CategoryId\" IS NULL");
        })
        {
            Seed = [ProductOfB()],
            Attack = db => Refusal(db, new Product { Id = 1, Name = Secret }),
        };
    }

    private static string Refusal(DbContext db, object row)
    {
        db.Add(row);
        return Record.Exception(() => db.SaveChanges()) is DbUpdateException exception
            ? $"told that it exists: {exception.InnerException!.Message}"
            : "saved";
    }

    private static IEnumerable<ModelShape> Owned()
    {
        Type[] types = [typeof(Product), typeof(Purchase)];
        yield return new("an owned part refers to another tenant's row", "without the tenant", types, (model, _) =>
        {
            Products(model);
            model.Entity<Purchase>().ToTable("Purchases").HasTenant(row => row.Tenant);
            model.Entity<Purchase>().Ignore(row => row.Lines)
                .OwnsOne(row => row.Line, line => line.HasOne<Product>().WithMany().HasForeignKey(row => row.ProductId));
        })
        {
            Seed = [ProductOfB()],
            Watched = "SELECT \"Id\", \"Line_ProductId\" FROM \"Purchases\"",
            Attack = db => Save(db, db.Add(new Purchase { Id = 1, Line = new PurchaseLine { ProductId = 2 } })),
        };
        yield return new("an owned collection refers to another tenant's row", "without the tenant", types, (model, _) =>
        {
            Products(model);
            model.Entity<Purchase>().ToTable("Purchases").HasKey(row => new { row.Tenant, row.Id });
            model.Entity<Purchase>().HasTenant(row => row.Tenant);
            model.Entity<Purchase>().Ignore(row => row.Line).OwnsMany(row => row.Lines, line =>
            {
                line.ToTable("Lines");
                line.HasKey("PurchaseTenant", "PurchaseId", "ProductId");
                line.HasOne<Product>().WithMany().HasForeignKey(row => row.ProductId);
            });
        })
        {
            Seed = [ProductOfB()],
            Watched = "SELECT \"ProductId\" FROM \"Lines\"",
            Attack = db => Save(db, db.Add(new Purchase { Id = 1, Lines = { new PurchaseLine { ProductId = 2 } } })),
        };
        yield return new("an index of an owned part spans tenants", "add Tenant to the index", [typeof(Purchase)], (model, _) =>
        {
            model.Entity<Purchase>().ToTable("Purchases").HasTenant(row => row.Tenant);
            model.Entity<Purchase>().Ignore(row => row.Lines).OwnsOne(row => row.Line, line => line.HasIndex(row => row.Text).IsUnique());
        })
        {
            Seed = [$"INSERT INTO \"Purchases\" (\"Id\", \"Tenant\", \"Line_ProductId\", \"Line_Text\") VALUES (2, 'b', 0, '{Secret}')"],
            Attack = db => Refusal(db, new Purchase { Id = 1, Line = new PurchaseLine { Text = Secret } }),
        };
        yield return new(
            "an index of an owned collection spans tenants", "add PurchaseTenant to the index", [typeof(Purchase)], (model, _) =>
        {
            model.Entity<Purchase>().ToTable("Purchases").HasKey(row => new { row.Tenant, row.Id });
            model.Entity<Purchase>().HasTenant(row => row.Tenant);
            model.Entity<Purchase>().Ignore(row => row.Line).OwnsMany(row => row.Lines, line =>
            {
                line.ToTable("Lines");
                line.HasKey("PurchaseTenant", "PurchaseId", "ProductId");
                line.HasIndex(row => row.Text).IsUnique();
            });
        })
        {
            Seed =
            [
                "INSERT INTO \"Purchases\" (\"Id\", \"Tenant\") VALUES (2, 'b')",
                $"INSERT INTO \"Lines\" (\"PurchaseTenant\", \"PurchaseId\", \"ProductId\", \"Text\") VALUES ('b', 2, 0, '{Secret}')",
            ],
            Attack = db => Refusal(db, new Purchase { Id = 1, Lines = { new PurchaseLine { Text = Secret } } }),
        };
    }

    private static IEnumerable<ModelShape> Tables()
    {
        Type[] types = [typeof(Product), typeof(ProductText)];
        yield return new("a shared type has a part of a tenant's row", "differ in their decision", types, (model, _) =>
        {
            Products(model);
            model.Entity<ProductText>().ToTable("Products").SharedByTenants();
            model.Entity<ProductText>().Property(row => row.Text).HasColumnName("Name");
            model.Entity<Product>().Property(row => row.Name).HasColumnName("Name");
            model.Entity<Product>().HasOne<ProductText>().WithOne().HasForeignKey<Product>(row => row.Id);
        })
        {
            Seed = [ProductOfB()],
            Attack = db => string.Join(',', db.Set<ProductText>().Select(row => row.Text)),
        };
        yield return new("a table has two names", "may be one table", types, (model, db) =>
        {
            Products(model);
            model.Entity<ProductText>().SharedByTenants();
            model.Entity<ProductText>().ToTable(
                db.Database.IsNpgsql() ? "Products" : "PRODUCTS",
                db.Database.IsNpgsql() ? "public" : null,
                table => table.ExcludeFromMigrations());
            model.Entity<ProductText>().Property(row => row.Text).HasColumnName("Name");
        })
        {
            Seed = [ProductOfB()],
            Attack = db => string.Join(',', db.Set<ProductText>().Select(row => row.Text)),
        };
        yield return new(
            "a complex part has the tenant's column under another name", "under another name", [typeof(Purchase)], (model, _) =>
        {
            model.Entity<Purchase>().ToTable("Purchases").HasTenant(row => row.Tenant).Property(row => row.Tenant).HasColumnName("Tenant")
                .IsConcurrencyToken();
            model.Entity<Purchase>().Ignore(row => row.Lines).ComplexProperty(
                row => row.Line, line => line.Property(row => row.Text).HasColumnName("Tenant").HasMaxLength(128).IsConcurrencyToken());
            model.Entity<Purchase>().ComplexProperty(row => row.Line).IsRequired();
        })
        {
            Seed = ["INSERT INTO \"Purchases\" (\"Id\", \"Tenant\", \"Line_ProductId\") VALUES (1, 'a', 0)"],
            Watched = "SELECT \"Id\" FROM \"Purchases\" WHERE \"Tenant\" = 'b'",
            Attack = db =>
            {
                db.Set<Purchase>().Single().Line!.Text = "b";
                return $"{db.SaveChanges()} saved";
            },
        };
        yield return new("a tenant is filled in by the database", "has a default, in the database", [typeof(Product)], (model, _) =>
        {
            Products(model);
            model.Entity<Product>().Property(row => row.Tenant).HasDefaultValue("b");
        })
        {
            Attack = db => Save(db, db.Add(new Product { Id = 1 })),
        };
        yield return new("a tenant is computed by the database", "is computed", [typeof(Product)], (model, _) =>
        {
            Products(model);
            model.Entity<Product>().Property(row => row.Tenant).HasComputedColumnSql("'b'", stored: true);
        })
        {
            Watched = "SELECT \"Id\" FROM \"Products\" WHERE \"Tenant\" = 'b'",
            Attack = db => Save(db, db.Add(new Product { Id = 1 })),
        };
    }

    private static IEnumerable<ModelShape> Filters()
    {
        yield return new("a filter ignores filters", "IgnoreQueryFilters", [typeof(Product), typeof(Category)], (model, db) =>
        {
            Products(model);
            Categories(model, writable: false);
            model.Entity<Category>()
                .HasQueryFilter("used", row => db.Set<Product>().IgnoreQueryFilters().Any(product => product.CategoryId == row.Id));
        })
        {
            Seed = CategoryAndProduct,
            Attack = db => string.Join(',', db.Set<Category>().Select(row => row.Name)),
        };
        yield return new(
            "a filter has raw SQL", "the query filter 'used' with SqlQueryRaw", [typeof(Product), typeof(Category)], (model, db) =>
        {
            Products(model);
            Categories(model, writable: false);
            model.Entity<Category>().HasQueryFilter(
                "used", row => db.Database.SqlQueryRaw<int>("SELECT \"CategoryId\" AS \"Value\" FROM \"Products\"").Contains(row.Id));
        })
        {
            Seed = CategoryAndProduct,
            Attack = db => string.Join(',', db.Set<Category>().Select(row => row.Name)),
        };
        yield return new(
            "a later convention takes the filter away", "a convention that ran later", [typeof(Product)], (model, _) => Products(model))
        {
            Finish = model => model.Metadata.FindEntityType(typeof(Product))!.Builder.HasQueryFilter(
                TenancyEntityTypeBuilderExtensions.FilterName, filter: null, fromDataAnnotation: true),
            Seed = [ProductOfB()],
            Attack = db => string.Join(',', db.Set<Product>().Select(row => row.Name)),
        };
        yield return new(
            "a later convention takes the concurrency token away",
            "a convention that ran later",
            [typeof(Product)],
            (model, _) => Products(model))
        {
            Finish = model => ((Microsoft.EntityFrameworkCore.Metadata.IMutableProperty)model.Metadata.FindEntityType(typeof(Product))!
                .FindProperty("Tenant")!).IsConcurrencyToken = false,
            Seed = [ProductOfB()],
            Watched = ProductsOfB,
            Attack = db => Save(db, db.Remove(new Product { Id = 2 })),
        };
    }
}
