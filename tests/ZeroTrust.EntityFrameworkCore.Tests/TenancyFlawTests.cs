using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using ZeroTrust.EntityFrameworkCore.Tests.Shapes;
using ZeroTrust.EntityFrameworkCore.Tests.Shop;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.EntityFrameworkCore.Tests;

/// <summary>
/// What the database does because of a row that is written, and what it shows under another name: refused before the first statement.
/// </summary>
public abstract class TenancyFlawTests
{
    public static TheoryData<string> Flaws => Names(ModelFlaws.All.Concat(UnseenMappings.All), isPostgres: false);

    public static TheoryData<string> Unseen => Names(UnseenMappings.All, isPostgres: false);

    [Theory]
    [MemberData(nameof(Flaws))]
    public void A_model_with_a_way_round_the_tenant_is_refused_before_it_is_used(string name)
    {
        var flaw = Flaw(name);
        using var host = new ShapedHost(CreateDatabase(), flaw);
        var before = host.Read(flaw.Watched);
        string? answer = null;
        var exception = Record.Exception(() => answer = host.As("a", flaw.Attack));

        Assert.True(
            exception is not null,
            $"answered: {answer}; before: {string.Join(';', before)}; after: {string.Join(';', host.Read(flaw.Watched))}");
        Assert.Contains(flaw.Expected, exception.ToString(), StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(exception);
        Assert.Equal(before, host.Read(flaw.Watched));
    }

    [Theory]
    [MemberData(nameof(Unseen))]
    public void What_the_model_cannot_see_through_passes_where_the_database_enforces_the_tenant(string name)
    {
        var flaw = Flaw(name);
        using var host = new ShapedHost(CreateDatabase(), flaw, tenancy => tenancy.EnforcedByDatabase());
        host.As("a", db =>
        {
            CheckedModel.Require(db);
            return 0;
        });
    }

    [Fact]
    public void A_shared_row_that_tenants_refer_to_cannot_be_deleted_where_deleting_is_restricted()
    {
        using var host = new ShapedHost(CreateDatabase(), SoundModels.Restricted);
        Assert.Throws<DbUpdateException>(() => host.As("a", db => Save(db, db.Remove(new Category { Id = 1 }))));
        Assert.ThrowsAny<DbException>(() => host.As("a", db => db.Set<Category>().Where(row => row.Id == 1).ExecuteDelete()));
        Assert.Equal(1, host.As("a", db => Save(db, db.Remove(new Category { Id = 2 }))));
        Assert.Equal(["2|1"], host.Read("SELECT \"Id\", \"CategoryId\" FROM \"Products\""));
    }

    [Fact]
    public void Two_tenants_may_have_the_same_name_where_the_key_has_the_tenant()
    {
        using var host = new ShapedHost(CreateDatabase(), SoundModels.KeyWithTenant);
        Assert.Equal(1, host.As("a", db => Save(db, db.Add(new Product { Id = 1, Name = ModelFlaws.Secret }))));
    }

    [Fact]
    public void An_owned_part_refers_to_rows_of_its_owners_tenant()
    {
        using var host = new ShapedHost(CreateDatabase(), SoundModels.OwnedReference);
        Assert.Throws<DbUpdateException>(
            () => host.As("a", db => Save(db, db.Add(new Purchase { Id = 1, Line = new PurchaseLine { ProductId = 2 } }))));
        Assert.InRange(
            host.As("a", db => Save(db, db.Add(new Purchase { Id = 1, Line = new PurchaseLine { ProductId = 1, Text = "own" } }))), 1, 2);
        Assert.Equal(["1|a|1"], host.Read("SELECT \"Id\", \"Tenant\", \"Line_ProductId\" FROM \"Purchases\""));
        Assert.Equal("own", host.As("a", db => db.Set<Purchase>().Single().Line!.Text));
        Assert.Equal(1, host.As("a", db =>
        {
            db.Set<Purchase>().Single().Line!.Text = "changed";
            return db.SaveChanges();
        }));
    }

    [Fact]
    public void The_tenant_that_an_owned_part_sees_never_changes()
    {
        using var host = new ShapedHost(CreateDatabase(), SoundModels.OwnedReference);
        host.As("a", db => Save(db, db.Add(new Purchase { Id = 1, Line = new PurchaseLine { ProductId = 1 } })));
        Assert.Equal("tenancy.tenant_reassigned", Code(host, db => Reassign(db, "b")));
        Assert.Equal("tenancy.tenant_reassigned", Code(
            host, db => db.Set<Purchase>().ExecuteUpdate(set => set.SetProperty(row => EF.Property<string>(row.Line!, "Tenant"), "b"))));
        Assert.Equal("tenancy.foreign_row", Code(host, db =>
        {
            var purchase = new Purchase { Id = 3, Line = new PurchaseLine { ProductId = 2 } };
            db.Add(purchase);
            db.Entry(purchase.Line).Property("Tenant").CurrentValue = "b";
            return db.SaveChanges();
        }));
        Assert.Equal(["1|a"], host.Read("SELECT \"Id\", \"Tenant\" FROM \"Purchases\""));
    }

    [Fact]
    public void Two_types_of_a_tenant_share_a_row()
    {
        using var host = new ShapedHost(CreateDatabase(), SoundModels.SplitTable);
        Assert.Equal([1], host.As("a", db => db.Set<ProductText>().Select(row => row.Id).ToArray()));
        Assert.Equal(0, host.As(
            "a", db => db.Set<ProductText>().Where(row => row.Id == 2).ExecuteUpdate(set => set.SetProperty(row => row.Text, "stolen"))));
        Assert.Throws<DbUpdateConcurrencyException>(
            () => host.As("a", db => Save(db, db.Update(new ProductText { Id = 2, Text = "stolen" }))));
        Assert.Equal(1, host.As("a", db => Save(db, db.Update(new ProductText { Id = 1, Text = "changed" }))));
        Assert.Equal(
            ["1|a|changed", "2|b|secret of b"], host.Read("SELECT \"Id\", \"Tenant\", \"Text\" FROM \"Products\" ORDER BY \"Id\""));
    }

    [Fact]
    public void Rows_of_a_tenant_are_joined_with_rows_of_the_tenant_alone()
    {
        using var host = new ShapedHost(CreateDatabase(), SoundModels.ManyToMany);
        Assert.Equal(0, host.As("a", db => db.Set<Dictionary<string, object>>("Bought").Count()));
        Assert.Throws<DbUpdateException>(() => host.As("a", db => Save(db, Join(db, purchase: 1, product: 2))));
        Assert.Equal(1, host.As("a", db => Save(db, Join(db, purchase: 1, product: 1))));
        Assert.Throws<DbUpdateConcurrencyException>(() => host.As("a", db => Save(db, Unjoin(db, tenant: "a"))));
        Assert.Equal("tenancy.foreign_row", Code(host, db => Save(db, Unjoin(db, tenant: "b"))));
        Assert.Equal(["a|1|1", "b|2|2"], host.Read("SELECT \"Tenant\", \"PurchaseId\", \"ProductId\" FROM \"Bought\" ORDER BY \"Tenant\""));
    }

    [Fact]
    public void A_view_that_somebody_answers_for_shows_the_rows_of_the_tenant()
    {
        using var host = new ShapedHost(CreateDatabase(), SoundModels.TrustedView);
        Assert.Equal(["a"], host.As("a", db => db.Set<Product>().Select(row => row.Name).ToArray()));
    }

    internal abstract TestDatabase CreateDatabase();

    internal static ModelShape Flaw(string name) => ModelFlaws.All.Concat(UnseenMappings.All).Single(flaw => flaw.Name == name);

    internal static TheoryData<string> Names(IEnumerable<ModelShape> shapes, bool isPostgres) =>
        [.. shapes.Where(shape => shape.IsOfPostgres == isPostgres).Select(shape => shape.Name)];

    private static int Reassign(ShapedDb db, string tenant)
    {
        db.Entry(db.Set<Purchase>().Single().Line!).Property("Tenant").CurrentValue = tenant;
        return db.SaveChanges();
    }

    private static EntityEntry<Dictionary<string, object>> Join(ShapedDb db, int purchase, int product) =>
        db.Set<Dictionary<string,
        object>>("Bought").Add(new(StringComparer.Ordinal) { ["Tenant"] = "a", ["PurchaseId"] = purchase, ["ProductId"] = product });

    private static EntityEntry<Dictionary<string, object>> Unjoin(ShapedDb db, string tenant) =>
        db.Set<Dictionary<string,
        object>>("Bought").Remove(new(StringComparer.Ordinal) { ["Tenant"] = tenant, ["PurchaseId"] = 2, ["ProductId"] = 2 });

    private static string Code(ShapedHost host, Func<ShapedDb, int> act) => TestShop.RefusalOf(() => host.As("a", act)).Code;

    private static int Save(ShapedDb db, object tracked)
    {
        Assert.NotNull(tracked);
        return db.SaveChanges();
    }
}

public sealed class SqliteTenancyFlawTests : TenancyFlawTests
{
    internal override TestDatabase CreateDatabase() => TestDatabase.Sqlite();
}

public sealed class PostgresTenancyFlawTests(PostgresServer server) : TenancyFlawTests, IClassFixture<PostgresServer>
{
    public static TheoryData<string> OfPostgres => Names(UnseenMappings.All, isPostgres: true);

    [Theory]
    [MemberData(nameof(OfPostgres))]
    public void A_model_with_functions_or_procedures_is_refused_unless_the_database_enforces_the_tenant(string name)
    {
        A_model_with_a_way_round_the_tenant_is_refused_before_it_is_used(name);
        What_the_model_cannot_see_through_passes_where_the_database_enforces_the_tenant(name);
    }

    internal override TestDatabase CreateDatabase() => TestDatabase.Postgres(server);
}
