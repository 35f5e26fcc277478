using Microsoft.EntityFrameworkCore;

namespace ZeroTrust.EntityFrameworkCore.Tests.Shapes;

/// <summary>Mappings that the model cannot see through, each to something that shows or changes the rows of b.</summary>
internal static class UnseenMappings
{
    private const string Names = "SELECT \"Id\", \"Name\" AS \"Text\" FROM \"Products\"";

    internal static IEnumerable<ModelShape> All =>
    [
        new("a view", "is mapped to the view Names", [typeof(Product), typeof(ProductText)], (model, _) =>
        {
            ModelFlaws.Products(model);
            model.Entity<ProductText>().ToView("Names").SharedByTenants();
        })
        {
            Seed = [ModelFlaws.ProductOfB(), $"CREATE VIEW \"Names\" AS {Names}"],
            Attack = db => string.Join(',', db.Set<ProductText>().Select(row => row.Text)),
        },
        new("a view that names a tenant", "is mapped to the view Names", [typeof(Purchase), typeof(Product)], (model, _) =>
        {
            model.Entity<Product>().ToView("Names").HasTenant(row => row.Tenant);
            model.Entity<Purchase>().ToTable("Purchases").Ignore(row => row.Line).Ignore(row => row.Lines).HasTenant(row => row.Tenant);
        })
        {
            Seed = ["INSERT INTO \"Purchases\" (\"Id\", \"Tenant\") VALUES (1, 'a'), (2, 'b')", "CREATE VIEW \"Names\" AS SELECT a.\"Id\", "
                + "a.\"Tenant\", b.\"Tenant\" AS \"Name\", NULL AS \"CategoryId\" FROM \"Purchases\" a, \"Purchases\" b"],
            Attack = db => string.Join(',', db.Set<Product>().Select(row => row.Name).Order()),
        },
        new("a query", "is mapped to a query", [typeof(Product), typeof(ProductText)], (model, _) =>
        {
            ModelFlaws.Products(model);
            model.Entity<ProductText>().ToSqlQuery(Names).SharedByTenants();
        })
        {
            Seed = [ModelFlaws.ProductOfB()], Attack = db => string.Join(',', db.Set<ProductText>().Select(row => row.Text)),
        },
        new("a type that is a function", "is mapped to the function names_of_all", [typeof(Product), typeof(ProductText)], (model, _) =>
        {
            ModelFlaws.Products(model);
            model.Entity<ProductText>().ToFunction("names_of_all").SharedByTenants();
        })
        {
            IsOfPostgres = true,
            Seed = [ModelFlaws.ProductOfB(),
                $"CREATE FUNCTION names_of_all() RETURNS TABLE (\"Id\" int, \"Text\" text) LANGUAGE sql AS '{Names}'"],
            Attack = db => string.Join(',', db.Set<ProductText>().Select(row => row.Text)),
        },
        new("a function that answers rows", "The function every_product", [typeof(Product)], (model, _) =>
        {
            ModelFlaws.Products(model);
            model.HasDbFunction(typeof(ShapedDb).GetMethod(nameof(ShapedDb.EveryProduct))!).HasName("every_product");
        })
        {
            IsOfPostgres = true,
            Seed = [ModelFlaws.ProductOfB(), "CREATE FUNCTION every_product() RETURNS SETOF \"Products\" LANGUAGE sql AS 'UPDATE "
                + "\"Products\" SET \"Name\" = ''stolen'' RETURNING *'"],
            Watched = "SELECT \"Name\" FROM \"Products\"",
            Attack = db => string.Join(',', db.EveryProduct().Select(row => row.Name)),
        },
        new("a function that answers a value", "The function names_of_all", [typeof(Category), typeof(Product)], (model, _) =>
        {
            ModelFlaws.Products(model);
            ModelFlaws.Categories(model, writable: false);
            model.HasDbFunction(typeof(ShapedDb).GetMethod(nameof(ShapedDb.NamesOfAll))!).HasName("names_of_all");
        })
        {
            IsOfPostgres = true,
            Seed = [ModelFlaws.ProductOfB(), "INSERT INTO \"Categories\" (\"Id\", \"Name\") VALUES (1, 'tools')",
                "CREATE FUNCTION names_of_all() RETURNS text LANGUAGE sql AS 'SELECT string_agg(\"Name\", '','') FROM \"Products\"'"],
            Attack = db => string.Join(',', db.Set<Category>().Select(_ => ShapedDb.NamesOfAll())),
        },
        new("a trigger", "has the trigger clear", [typeof(Product)], (model, _) =>
        {
            ModelFlaws.Products(model);
            model.Entity<Product>().ToTable("Products", table => table.HasTrigger("clear"));
        })
        {
            Seed = [ModelFlaws.ProductOfB()],
            SqliteSeed = ["CREATE TRIGGER clear AFTER INSERT ON \"Products\" BEGIN DELETE FROM \"Products\" WHERE \"Tenant\" = 'b'; END"],
            PostgresSeed =
            [
                "CREATE FUNCTION clear() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM \"Products\" WHERE \"Tenant\" = ''b''; "
                    + "RETURN NULL; END'",
                "CREATE TRIGGER clear AFTER INSERT ON \"Products\" FOR EACH ROW EXECUTE FUNCTION clear()",
            ],
            Watched = "SELECT \"Name\" FROM \"Products\" WHERE \"Tenant\" = 'b'",
            Attack = db =>
            {
                db.Add(new Product { Id = 1 });
                return $"{db.SaveChanges()} saved";
            },
        },
        new("stored procedures", "is written by stored procedures", [typeof(Product)], (model, _) =>
        {
            ModelFlaws.Products(model);
            model.Entity<Product>().HasKey(row => new { row.Tenant, row.Id });
            model.Entity<Product>().DeleteUsingStoredProcedure(
                "delete_product",
                procedure => procedure.HasOriginalValueParameter(row => row.Tenant).HasOriginalValueParameter(row => row.Id));
        })
        {
            IsOfPostgres = true,
            Seed = [ModelFlaws.ProductOfB(), "CREATE PROCEDURE delete_product(a text, b int) LANGUAGE sql AS 'DELETE FROM \"Products\"'"],
            Watched = "SELECT \"Name\" FROM \"Products\"",
            Attack = db =>
            {
                db.Remove(new Product { Tenant = "a", Id = 7 });
                return $"{db.SaveChanges()} saved";
            },
        },
    ];
}
