namespace ZeroTrust.Npgsql.Audit;

/// <summary>Restrictive policies, which PostgreSQL may evaluate before the tenant's: on rows of all tenants.</summary>
internal static class PolicyAudit
{
    // $2: tables in reach that are not shared. WITH CHECK is given the row that is written, which is the tenant's.
    private const string Restrictive =
        """
        SELECT p.polrelid, p.polname, p.polqual::text FROM pg_policy p
        WHERE NOT p.polpermissive AND p.polqual IS NOT NULL AND p.polrelid = ANY($2) AND (0 = ANY(p.polroles) OR p.polroles && $1)
        ORDER BY 1, 2
        """;

    // $3: SilentComparisons.
    private const string Called =
        """
        SELECT c.kind, c.id, n.nspname || '.' || p.proname, p.proleakproof OR p.oid < 16384 AND p.proname = ANY($3)
        FROM (SELECT 'o' AS kind, o.oid AS id, o.oprcode AS function FROM pg_operator o WHERE o.oid = ANY($1)
              UNION ALL SELECT 'f', f.id, f.id FROM unnest($2) f(id)) c
        JOIN pg_proc p ON p.oid = c.function JOIN pg_namespace n ON n.oid = p.pronamespace
        """;

    internal static async Task RunAsync(AuditSession session, AuditedRelations relations)
    {
        var policies = await session.ReadAsync(
            Restrictive,
            row => (Table: row.GetFieldValue<uint>(0), Name: row.GetString(1), Expression: PolicyExpression.Parse(row.GetString(2))),
            session.Roles,
            relations.ById.Values.Where(relation => !relation.Shared).Select(relation => relation.Id).ToArray()).ConfigureAwait(false);
        var called = await session.ReadAsync(
            Called,
            row => (IsOperator: row.GetString(0) == "o", Id: row.GetFieldValue<uint>(1), Name: row.GetString(2),
                IsSilent: row.GetBoolean(3)),
            policies.SelectMany(policy => policy.Expression.OperatorIds).Distinct().ToArray(),
            policies.SelectMany(policy => policy.Expression.FunctionIds).Distinct().ToArray(),
            SilentComparisons.Names).ConfigureAwait(false);
        var functions = called.ToDictionary(function => (function.IsOperator, function.Id), function => (function.Name, function.IsSilent));
        foreach (var (table, name, expression) in policies)
        {
            string[] told = [.. expression.OperatorIds.Select(id => Told(true, id))
                .Concat(expression.FunctionIds.Select(id => Told(false, id)))
                .OfType<string>().Concat(expression.Nodes).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            if (told.Length > 0)
            {
                session.Find(NpgsqlRejectionReason.PolicyForeign, relations.ById[table].ToString(), $"restrictive policy {name} may be "
                    + $"evaluated before the tenant's, and gives values of all tenants' rows to {string.Join(", ", told)}, whose errors "
                    + "tell "
                    + "them. Compare columns there, by functions that are leakproof, and keep the rest to WITH CHECK, views and queries.");
            }
        }

        string? Told(bool isOperator, uint id) => !functions.TryGetValue((isOperator, id), out var function) ? $"{id}"
            : function.IsSilent ? null : function.Name;
    }
}
