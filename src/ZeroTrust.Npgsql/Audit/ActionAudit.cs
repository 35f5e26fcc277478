namespace ZeroTrust.Npgsql.Audit;

/// <summary>Expressions that foreign keys evaluate with the rights of a table's owner and past its policies.</summary>
internal static class ActionAudit
{
    internal static async Task RunAsync(AuditSession session, AuditedRelations relations, ActedOn acted)
    {
        uint[] written = [.. relations.WithDescendants(relation => relation.Written).Union(acted.Changed).Union(acted.Deleted)];
        var functions = await session.ReadAsync(
            ActionCatalog.Functions,
            row => (Name: row.GetString(0), Arguments: row.GetString(1), IsAlone: row.GetBoolean(2), Place: row.GetString(3),
                Table: row.GetString(4)),
            acted.Changed,
            acted.Defaulted,
            acted.Deleted,
            written).ConfigureAwait(false);
        foreach (var function in functions.DistinctBy(function => (function.Name, function.Arguments, function.Table)))
        {
            var signature = $"{function.Name}({function.Arguments})";
            if (!(session.IsShared(signature) || (function.IsAlone && session.IsShared(function.Name))))
            {
                session.Find(
                    NpgsqlRejectionReason.FunctionPrivileged, signature, $"runs for {function.Place} of {function.Table} with the "
                        + "rights of "
                        + "the table's owner and past its policies, when a foreign key is checked or acts. Use functions of PostgreSQL "
                        + "there, "
                        + $"NO ACTION, or list it in {nameof(RowLevelSecurityOptions.SharedObjects)}.");
            }
        }
    }
}
