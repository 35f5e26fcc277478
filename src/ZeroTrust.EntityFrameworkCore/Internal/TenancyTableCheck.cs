using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>The tables of a model: one decision for each, the tenant's column in each, under one name, and in whatever is unique.</summary>
internal static class TenancyTableCheck
{
    // What Entity Framework Core makes of a concurrency token where several types share a table.
    private const string CarriedToken = "_TableSharingConcurrencyTokenConvention_";

    internal static IEnumerable<string> Find(IModel model, StoreNames names)
    {
        var tables = model.GetRelationalModel().Tables.Where(table => Types(table).Any()).ToList();
        return CheckNames(tables, names).Concat(tables.SelectMany(table => Check(table, names)));
    }

    /// <summary>The entity types whose rows, or parts of them, are in a table.</summary>
    internal static IEnumerable<IEntityType> Types(ITable table) =>
        table.EntityTypeMappings.Select(mapping => mapping.TypeBase).OfType<IEntityType>();

    internal static RowDecision DecisionOf(ITable table) =>
        Types(table).Select(TenancyMetadata.DecisionOf).FirstOrDefault(decision => decision != RowDecision.Undecided);

    /// <summary>The column that holds the tenant of a table's rows.</summary>
    internal static IColumn? TenantColumn(ITable table) => table.EntityTypeMappings
        .Select(mapping => mapping.TypeBase is IEntityType type && TenancyMetadata.TenantProperty(type) is { } tenant
            ? mapping.ColumnMappings.FirstOrDefault(column => column.Property == tenant)?.Column
            : null)
        .FirstOrDefault(column => column is not null);

    private static IEnumerable<string> CheckNames(List<ITable> tables, StoreNames names)
    {
        foreach (var same in tables.GroupBy(names.Of).Where(same => same.Select(DecisionOf).Distinct().Skip(1).Any()))
        {
            yield return $"{string.Join(" and ", same.Select(table => table.SchemaQualifiedName))} may be one table to the database, and "
                + $"its types differ in their decision: {Describe(same.SelectMany(Types))}. Map one type to each table, or decide alike.";
        }
    }

    private static IEnumerable<string> Check(ITable table, StoreNames names)
    {
        var types = Types(table).Where(type => TenancyMetadata.DecisionOf(type) != RowDecision.Undecided).ToList();
        if (types.Select(TenancyMetadata.DecisionOf).Distinct().Count() > 1)
        {
            return [$"Table {table.SchemaQualifiedName} is shared by types that differ in their decision: {Describe(types)}. What is one "
                + "row to the database has one decision; give the types tables of their own, or decide alike."];
        }

        if (types.Count == 0 || TenancyMetadata.DecisionOf(types[0]) != RowDecision.OfTenant)
        {
            return [];
        }

        return TenantColumn(table) is { } tenant
            ? CheckAgreement(table, types, tenant, names).Concat(CheckUniqueness(table, tenant))
            : [DescribeMissing(types[0])];
    }

    internal static string Describe(IEnumerable<IEntityType> types) =>
        string.Join(", ", types.Select(type => $"{type.DisplayName()} ({Describe(TenancyMetadata.DecisionOf(type))})"));

    private static string Describe(RowDecision decision) => decision switch
    {
        RowDecision.OfTenant => "HasTenant",
        RowDecision.SharedWritable => "shared and writable",
        RowDecision.SharedReadOnly => "shared",
        _ => "undecided",
    };

    private static string DescribeMissing(IEntityType type) => type.IsOwned()
        ? $"{type.DisplayName()} has a table of its own in which the tenant is missing: make the tenant part of the key of its "
            + "owner, or keep it in the owner's row or as JSON."
        : $"{type.DisplayName()} is spread over several tables, of which only one has the tenant: make the tenant part of its key.";

    private static IEnumerable<string> CheckAgreement(ITable table, List<IEntityType> types, IColumn tenant, StoreNames names)
    {
        foreach (var type in types.Where(
            type => !type.IsOwned() && type.BaseType is null && !IsColumnOf(tenant, TenancyMetadata.TenantProperty(type))))
        {
            yield return $"{type.DisplayName()} and {types[0].DisplayName()} share table {table.SchemaQualifiedName} and keep their "
                + $"tenants in different columns: map both to {tenant.Name}.";
        }

        var same = table.Columns.Where(column => names.Of(column.Name) == names.Of(tenant.Name));
        foreach (var property in same.SelectMany(column => column.PropertyMappings).Select(mapping => mapping.Property).Distinct().Where(
            property => !NamesTenant(property)))
        {
            yield return $"{property.DeclaringType.DisplayName()}.{property.Name} is the tenant's column "
                + $"{table.SchemaQualifiedName}.{tenant.Name} under another name, through which a row could be given to another tenant: "
                + "give it a column of its own.";
        }
    }

    private static bool IsColumnOf(IColumn column, IReadOnlyProperty? property) =>
        column.PropertyMappings.Any(mapping => mapping.Property == property);

    private static bool NamesTenant(IProperty property) =>
        property.IsPrimaryKey()
        || property.Name.StartsWith(CarriedToken, StringComparison.Ordinal)
        || (property.DeclaringType is IEntityType type && TenancyMetadata.TenantProperty(type) == property);

    private static IEnumerable<string> CheckUniqueness(ITable table, IColumn tenant)
    {
        foreach (var key in table.UniqueConstraints.Where(key => !key.GetIsPrimaryKey() && !key.Columns.Contains(tenant)))
        {
            var mapped = key.MappedKeys.First();
            yield return DescribeUnique(mapped.DeclaringEntityType, mapped.Properties, tenant, "the alternate key");
        }

        foreach (var index in table.Indexes.Where(index => index.IsUnique && !index.Columns.Contains(tenant)))
        {
            var mapped = index.MappedIndexes.First();
            yield return DescribeUnique(mapped.DeclaringEntityType, mapped.Properties, tenant, "the index");
        }
    }

    private static string DescribeUnique(
        IReadOnlyEntityType type, IEnumerable<IReadOnlyPropertyBase> properties, IColumn tenant, string what) =>
        $"{type.DisplayName()} ({string.Join(", ", properties.Select(property => property.Name))}) is unique across tenants, so that one "
            + $"tenant learns what another has: add {tenant.Name} to {what}.";
}
