using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ZeroTrust.FuzzTests.Mutation;

namespace ZeroTrust.EntityFrameworkCore.Tests.Shop;

/// <summary>
/// Random operations over the stock, each with what it must come to by the tenant's own rows, and the shared ones, alone.
/// </summary>
internal sealed class StockOperations
{
    private const int Ids = 10;

    private readonly Dictionary<string, StockModel> _models = new(StringComparer.Ordinal) { ["a"] = new(), ["b"] = new() };
    private readonly SortedDictionary<int, string> _zones = [];

    private IEnumerable<int> RackedZones => _models.Values.SelectMany(model => model.Racks.Values);

    internal void Step(ShopDb db, string tenant, Dice dice, string step)
    {
        var (id, second) = (dice.Below(Ids), dice.Below(Ids));
        var text = string.Create(CultureInfo.InvariantCulture, $"{tenant}{dice.Below(1000)}");
        var model = _models[tenant];
        switch (dice.Below(16))
        {
            case 0 or 1:
                AddItem(db, model, id, string.Create(CultureInfo.InvariantCulture, $"name {second}"), step);
                break;
            case 2:
                Write(
                    db,
                    db.Update(new ItemText { Tenant = tenant, Id = id, Text = text }),
                    model.Items.ContainsKey(id),
                    step,
                    () => model.Items[id] = (model.Items[id].Name, text));
                break;
            case 3:
                UpdateTexts(db, model, id, text, step);
                break;
            case 4:
                RemoveItem(db, model, tenant, id, step);
                break;
            case 5:
                Write(db, db.Add(new Zone { Id = id, Name = text }), !_zones.ContainsKey(id), step, () => _zones[id] = text);
                break;
            case 6:
                Write(db, db.Update(new Zone { Id = id, Name = text }), _zones.ContainsKey(id), step, () => _zones[id] = text);
                break;
            case 7:
                Write(
                    db,
                    db.Remove(new Zone { Id = id }),
                    _zones.ContainsKey(id) && !RackedZones.Contains(id),
                    step,
                    () => _zones.Remove(id));
                break;
            case 8:
                RemoveZones(db, id, step);
                break;
            case 9:
                Write(
                    db,
                    db.Add(new Rack { Id = id, ZoneId = second }),
                    !model.Racks.ContainsKey(id) && _zones.ContainsKey(second),
                    step,
                    () => model.Racks[id] = second);
                break;
            case 10:
                Assert.Equal(model.Racks.ContainsKey(id) ? 1 : 0, db.Racks.IgnoreQueryFilters().Where(row => row.Id == id).ExecuteDelete());
                model.RemoveRack(id);
                break;
            case 11:
                AddBox(db, tenant, dice.Below(Ids), second, step);
                break;
            case 12:
                RemoveBox(db, model, tenant, id, step);
                break;
            case 13:
                Place(db, model, tenant, id, second, step);
                break;
            case 14:
                Trespass(db, tenant == "a" ? "b" : "a", dice, id);
                break;
            default:
                Compare(db, model, step);
                break;
        }
    }

    /// <summary>What is in the database at the end, past every guard.</summary>
    internal void CompareAll(TestDatabase database)
    {
        foreach (var (tenant, model) in _models)
        {
            Assert.Equal(
                model.ItemLines,
                database.Read($"SELECT \"Id\", \"Name\", \"Text\" FROM \"Items\" WHERE \"Tenant\" = '{tenant}' ORDER BY \"Id\""));
            Assert.Equal(
                model.RackLines, database.Read($"SELECT \"Id\", \"ZoneId\" FROM \"Racks\" WHERE \"Tenant\" = '{tenant}' ORDER BY \"Id\""));
            Assert.Equal(
                model.BoxLines,
                database.Read($"SELECT \"Id\", \"Content_ItemId\" FROM \"Boxes\" WHERE \"Tenant\" = '{tenant}' ORDER BY \"Id\""));
            Assert.Equal(model.PlacedLines, database.Read(
                $"SELECT \"ItemId\", \"RackId\" FROM \"Placed\" WHERE \"Tenant\" = '{tenant}' ORDER BY \"ItemId\", \"RackId\""));
        }

        Assert.Equal(
            _zones.Select(zone => $"{zone.Key}|{zone.Value}").ToArray(),
            database.Read("SELECT \"Id\", \"Name\" FROM \"Zones\" ORDER BY \"Id\""));
    }

    private static void AddItem(ShopDb db, StockModel model, int id, string name, string step) => Write(
        db, db.Add(new Item { Id = id, Name = name }), !model.Items.ContainsKey(id) && model.Items.Values.All(item => item.Name != name),
        step, () => model.Items[id] = (name, null));

    private static void UpdateTexts(ShopDb db, StockModel model, int id, string text, string step)
    {
        var expected = model.Items.TryGetValue(id, out var item) && item.Text is not null ? 1 : 0;
        Assert.True(expected == db.ItemTexts.Where(row => row.Id == id).ExecuteUpdate(set => set.SetProperty(row => row.Text, text)), step);
        if (expected == 1)
        {
            model.Items[id] = (item.Name, text);
        }
    }

    private static void RemoveItem(ShopDb db, StockModel model, string tenant, int id, string step) => Write(
        db,
        db.Remove(new Item { Tenant = tenant, Id = id, Name = model.Items.TryGetValue(id, out var item) ? item.Name : "none" }),
        model.Items.ContainsKey(id) && !model.Boxes.ContainsValue(id),
        step,
        () => model.RemoveItem(id));

    private void RemoveZones(ShopDb db, int id, string step)
    {
        if (RackedZones.Contains(id))
        {
            Assert.True(Record.Exception(() => db.Zones.Where(row => row.Id == id).ExecuteDelete()) is DbException, step);
            return;
        }

        Assert.True((_zones.Remove(id) ? 1 : 0) == db.Zones.Where(row => row.Id == id).ExecuteDelete(), step);
    }

    // A box has an id among those of all tenants: half for each, so that neither learns of the other's.
    private void AddBox(ShopDb db, string tenant, int id, int item, string step)
    {
        var (model, own) = (_models[tenant], OwnId(tenant, id));
        Write(
            db,
            db.Add(new Box { Id = own, Content = new BoxContent { ItemId = item } }),
            !model.Boxes.ContainsKey(own) && model.Items.ContainsKey(item),
            step,
            () => model.Boxes[own] = item);
    }

    private static void RemoveBox(ShopDb db, StockModel model, string tenant, int id, string step)
    {
        var own = OwnId(tenant, id);
        Assert.True((model.Boxes.Remove(own) ? 1 : 0) == db.Boxes.Where(
            row => row.Id == own || row.Id == OwnId("a", id) || row.Id == OwnId("b", id)).ExecuteDelete(), step);
    }

    private static void Place(ShopDb db, StockModel model, string tenant, int item, int rack, string step)
    {
        var row = new Dictionary<string, object>(StringComparer.Ordinal) { ["Tenant"] = tenant, ["ItemId"] = item, ["RackId"] = rack };
        if (model.Placed.Contains((item, rack)))
        {
            db.Set<Dictionary<string, object>>(StockShape.Placed).Remove(row);
            Write(db, row, expected: true, step, () => model.Placed.Remove((item, rack)));
        }
        else
        {
            db.Set<Dictionary<string, object>>(StockShape.Placed).Add(row);
            Write(db, row, model.Items.ContainsKey(item) && model.Racks.ContainsKey(rack), step, () => model.Placed.Add((item, rack)));
        }
    }

    private static int OwnId(string tenant, int id) => (id * 2) + (tenant == "a" ? 0 : 1);

    private static void Trespass(ShopDb db, string other, Dice dice, int id)
    {
        object row = dice.Below(5) switch
        {
            0 => new Item { Tenant = other, Id = id, Name = "stolen" },
            1 => new ItemText { Tenant = other, Id = id, Text = "stolen" },
            2 => new Rack { Tenant = other, Id = id },
            3 => new Box { Tenant = other, Id = OwnId(other, id), Content = new BoxContent { ItemId = id } },
            _ => new Dictionary<string, object>(StringComparer.Ordinal) { ["Tenant"] = other, ["ItemId"] = id, ["RackId"] = id },
        };
        var entry = row is Dictionary<string, object> join ? db.Set<Dictionary<string,
        object>>(StockShape.Placed).Entry(join) : db.Entry(row);
        entry.State = dice.Pick(EntityState.Modified, EntityState.Deleted, EntityState.Added);
        Assert.Equal("tenancy.foreign_row", TestShop.RefusalOf(() => db.SaveChanges()).Code);
    }

    private static void Compare(ShopDb db, StockModel model, string step)
    {
        Assert.Equal(
            [step, .. model.ItemLines, .. model.RackLines, .. model.BoxLines],
            new[] { step }
                .Concat(db.Items.OrderBy(row => row.Id)
                    .Select(row => new
                    {
                        row.Id,
                        row.Name,
                        Text = db.ItemTexts.Where(
                        text => text.Id == row.Id).Select(text => text.Text).FirstOrDefault()
                    })
                    .AsEnumerable().Select(row => $"{row.Id}|{row.Name}|{row.Text}"))
                .Concat(db.Racks.OrderBy(row => row.Id).Select(row => row.Id + "|" + row.ZoneId))
                .Concat(db.Boxes.IgnoreQueryFilters().OrderBy(row => row.Id).Select(row => row.Id + "|" + row.Content.ItemId))
                .ToArray());
        Assert.True(model.Placed.Count == db.Set<Dictionary<string, object>>(StockShape.Placed).Count(), step);
    }

    private static void Write(ShopDb db, object tracked, bool expected, string step, Action apply)
    {
        Assert.NotNull(tracked);
        var exception = Record.Exception(() => db.SaveChanges());
        if (expected)
        {
            Assert.True(exception is null, $"{step}: {exception}");
            apply();
        }
        else
        {
            Assert.True(exception is DbUpdateException, $"{step}: {exception}");
        }
    }
}
