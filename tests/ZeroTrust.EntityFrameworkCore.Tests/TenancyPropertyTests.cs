using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.EntityFrameworkCore.Tests.Shop;
using ZeroTrust.FuzzTests.Mutation;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.EntityFrameworkCore.Tests;

/// <summary>Random operations of two tenants over pooled database contexts, compared with a dictionary for each tenant.</summary>
public sealed class TenancyPropertyTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private const int Ids = 24;
    private static readonly string[] Tenants = ["a", "b"];

    private static readonly int Steps = int.Parse(Environment.GetEnvironmentVariable("ZEROTRUST_TENANCY_STEPS") ?? "100000", CultureInfo.InvariantCulture);
    private static readonly ulong Seed = ulong.Parse(Environment.GetEnvironmentVariable("ZEROTRUST_SEED") ?? "20260601", CultureInfo.InvariantCulture);

    [Fact]
    public void Each_tenant_sees_and_changes_what_a_database_of_its_own_would_hold_on_Sqlite() => Run(TestDatabase.Sqlite(), Steps);

    [Fact]
    public void Each_tenant_sees_and_changes_what_a_database_of_its_own_would_hold_on_Postgres() => Run(TestDatabase.Postgres(server), Steps);

    private static void Run(TestDatabase database, int steps)
    {
        using var shop = new TestShop(database);
        var models = Tenants.ToDictionary(tenant => tenant, tenant => new SortedDictionary<int, string> { [tenant == "a" ? 1 : 2] = $"invoice of {tenant}" }, StringComparer.Ordinal);
        var stock = new StockOperations();
        var slots = new Slot?[4];
        for (var step = 0; step < steps; step++)
        {
            var dice = Dice.Of(Seed, step);
            var index = dice.Below(slots.Length);
            if (slots[index] is null || dice.OneIn(8))
            {
                slots[index]?.Scope.Dispose();
                slots[index] = new Slot(dice.Pick(Tenants), shop.CreateScope());
            }

            Step(shop, slots[index]!, models, stock, dice, $"step {step}, seed {Seed}");
        }

        foreach (var slot in slots)
        {
            slot?.Scope.Dispose();
        }

        stock.CompareAll(database);
        foreach (var tenant in Tenants)
        {
            Assert.Equal(
                models[tenant].Select(row => $"{row.Key}|{row.Value}").ToArray(),
                database.Read($"SELECT \"Id\", \"Text\" FROM \"Invoices\" WHERE \"TenantId\" = '{tenant}' ORDER BY \"Id\""));
        }
    }

    private static void Step(
        TestShop shop, Slot slot, Dictionary<string, SortedDictionary<int, string>> models, StockOperations stock, Dice dice, string step)
    {
        var db = slot.Scope.ServiceProvider.GetRequiredService<ShopDb>();
        db.ChangeTracker.Clear();
        if (slot.Used && dice.OneIn(32))
        {
            using var other = shop.Enter(slot.Tenant == "a" ? "b" : "a");
            Assert.Equal("tenancy.tenant_changed", TestShop.RefusalOf(() => Trespass(db, dice)).Code);
            return;
        }

        slot.Used = true;
        using var entered = shop.Enter(slot.Tenant);
        if (dice.OneIn(2))
        {
            stock.Step(db, slot.Tenant, dice, step);
        }
        else
        {
            Operate(db, slot.Tenant, models[slot.Tenant], dice, step);
        }
    }

    private static void Trespass(ShopDb db, Dice dice)
    {
        switch (dice.Below(4))
        {
            case 0:
                _ = db.Invoices.Count();
                break;
            case 1:
                _ = db.Invoices.Find("a", dice.Below(Ids));
                break;
            case 2:
                db.Invoices.ExecuteDelete();
                break;
            default:
                db.SaveChanges();
                break;
        }
    }

    private static void Operate(ShopDb db, string tenant, SortedDictionary<int, string> model, Dice dice, string step)
    {
        var id = dice.Below(Ids);
        var text = string.Create(CultureInfo.InvariantCulture, $"{tenant}{dice.Below(1000)}");
        var other = tenant == "a" ? "b" : "a";
        switch (dice.Below(14))
        {
            case 0 or 1:
                Save(db, new Invoice { Id = id, Text = text }, EntityState.Added, expected: !model.ContainsKey(id), step);
                model.TryAdd(id, text);
                break;
            case 2:
                Save(db, new Invoice { TenantId = tenant, Id = id, Text = text }, EntityState.Modified, expected: model.ContainsKey(id), step);
                Replace(model, id, text);
                break;
            case 3:
                Save(db, new Invoice { TenantId = tenant, Id = id }, EntityState.Deleted, expected: model.Remove(id), step);
                break;
            case 4:
                Assert.Equal("tenancy.foreign_row", TestShop.RefusalOf(() => Save(db, new Invoice { TenantId = other, Id = id, Text = text }, dice.Pick(EntityState.Added, EntityState.Modified, EntityState.Deleted), expected: true, step)).Code);
                break;
            case 5:
                Assert.Equal(model.ContainsKey(id) ? 1 : 0, db.Invoices.Where(row => row.Id == id).ExecuteUpdate(set => set.SetProperty(row => row.Text, text)));
                Replace(model, id, text);
                break;
            case 6:
                Assert.Equal(model.Remove(id) ? 1 : 0, db.Invoices.IgnoreQueryFilters().Where(row => row.Id == id).ExecuteDelete());
                break;
            case 7:
                Assert.Equal(model.GetValueOrDefault(id), db.Invoices.Find(tenant, id)?.Text);
                break;
            case 8:
                Assert.Null(db.Invoices.Find(other, id));
                break;
            case 9:
                if (db.Invoices.SingleOrDefault(row => row.Id == id) is { } loaded)
                {
                    loaded.Text = text;
                    db.SaveChanges();
                }

                Replace(model, id, text);
                break;
            case 10:
                Assert.Equal(model.Count, db.Invoices.IgnoreQueryFilters().Count());
                break;
            case 11:
                Assert.Equal(model.Values.Count(value => string.Equals(value, text, StringComparison.Ordinal)), db.Invoices.Count(row => row.Text == text));
                break;
            default:
                Assert.Equal(model.Select(row => $"{row.Key}|{row.Value}").ToArray(), db.Invoices.OrderBy(row => row.Id).Select(row => row.Id + "|" + row.Text).ToArray());
                break;
        }
    }

    private static void Replace(SortedDictionary<int, string> model, int id, string text)
    {
        if (model.ContainsKey(id))
        {
            model[id] = text;
        }
    }

    private static void Save(ShopDb db, Invoice row, EntityState state, bool expected, string step)
    {
        db.Entry(row).State = state;
        if (expected)
        {
            Assert.Equal(1, db.SaveChanges());
        }
        else
        {
            Assert.True(Record.Exception(() => db.SaveChanges()) is DbUpdateException, step);
        }
    }

    private sealed class Slot(string tenant, IServiceScope scope)
    {
        internal string Tenant { get; } = tenant;

        internal IServiceScope Scope { get; } = scope;

        internal bool Used { get; set; }
    }
}
