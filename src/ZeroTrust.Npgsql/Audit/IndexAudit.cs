namespace ZeroTrust.Npgsql.Audit;

/// <summary>
/// Unique indexes and exclusion constraints of tables with tenants, their partitions included: what one may not have tells what another
/// has.
/// </summary>
internal static class IndexAudit
{
    internal static async Task RunAsync(AuditSession session, AuditedRelations relations)
    {
        var tables = relations.ById.Values
            .Where(relation => relation.TenantColumn is not null)
            .SelectMany(relation => relations.Descendants[relation.Id].Append((relation.Id, Name: relation.ToString())).Select(table
                => (table.Id, table.Name, Column: relation.TenantColumn!)))
            .DistinctBy(table => table.Id)
            .ToDictionary(table => table.Id);
        var indexes = await session.ReadAsync(
            RelationCatalog.Uniques, row => (Table: row.GetFieldValue<uint>(0), Name: row.GetString(1),
                Columns: row.GetFieldValue<string[]>(2)), tables.Keys.ToArray()).ConfigureAwait(false);
        foreach (var index in indexes)
        {
            var table = tables[index.Table];
            if (!index.Columns.Contains(table.Column, StringComparer.Ordinal))
            {
                session.Find(NpgsqlRejectionReason.IndexUnconfined, table.Name, $"{index.Name} is unique across tenants. Put "
                    + $"{table.Column} among its key columns, compared by the equality of text, "
                    + "with a deterministic collation and PostgreSQL's operator class.");
            }
        }
    }
}
