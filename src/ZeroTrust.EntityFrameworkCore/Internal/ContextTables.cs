using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>The tables of all confined database contexts of a host: one decision for each, whichever context it is reached by.</summary>
internal sealed class ContextTables
{
    private readonly List<Entry> _entries = [];

    internal void Add(DbContext context, string? database)
    {
        var model = context.Model;
        var names = new StoreNames(model, context.Database.ProviderName);
        foreach (var table in model.GetRelationalModel().Tables.Where(table => TenancyTableCheck.Types(table).Any()))
        {
            var column = TenancyTableCheck.TenantColumn(table) is { } tenant ? names.Of(tenant.Name) : null;
            _entries.Add(new(
                (context.Database.ProviderName, database, names.Of(table)),
                context.GetType(),
                table,
                (TenancyTableCheck.DecisionOf(table), column)));
        }
    }

    /// <summary>What two database contexts decided differently.</summary>
    internal IEnumerable<string> FindFaults() => _entries.GroupBy(entry => entry.Key)
        .Where(same => same.Select(entry => entry.Decision).Distinct().Skip(1).Any())
        .Select(same =>
            $"Table {same.First().Table.SchemaQualifiedName} has different decisions: {string.Join("; ", same.Select(Describe))}. Decide "
                + "alike, or name databases that differ by UsesDatabase(\"name\") in AddTenancy.");

    private static string Describe(Entry entry) =>
        $"in {entry.Context.Name} {TenancyTableCheck.Describe(TenancyTableCheck.Types(entry.Table))}"
            + $"{(entry.Decision.Column is { } column ? $" in {column}" : string.Empty)}";

    private sealed record Entry(
        (string? Provider, string? Database, (string Schema, string Table) Name) Key, Type Context, ITable Table,
        (RowDecision Decision, string? Column) Decision);
}
