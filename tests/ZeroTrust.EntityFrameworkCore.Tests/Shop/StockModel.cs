namespace ZeroTrust.EntityFrameworkCore.Tests.Shop;

/// <summary>What one tenant's stock holds.</summary>
internal sealed class StockModel
{
    internal SortedDictionary<int, (string Name, string? Text)> Items { get; } = [];

    internal SortedDictionary<int, int> Racks { get; } = [];

    internal SortedDictionary<int, int> Boxes { get; } = [];

    internal SortedSet<(int Item, int Rack)> Placed { get; } = [];

    internal string[] ItemLines => [.. Items.Select(item => $"{item.Key}|{item.Value.Name}|{item.Value.Text}")];

    internal string[] RackLines => [.. Racks.Select(rack => $"{rack.Key}|{rack.Value}")];

    internal string[] BoxLines => [.. Boxes.Select(box => $"{box.Key}|{box.Value}")];

    internal string[] PlacedLines => [.. Placed.Select(placed => $"{placed.Item}|{placed.Rack}")];

    internal void RemoveItem(int id)
    {
        Items.Remove(id);
        Placed.RemoveWhere(placed => placed.Item == id);
    }

    internal void RemoveRack(int id)
    {
        Racks.Remove(id);
        Placed.RemoveWhere(placed => placed.Rack == id);
    }
}
