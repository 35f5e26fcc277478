namespace ZeroTrust.Npgsql.Audit;

/// <summary>Relations of PostgreSQL itself that a superuser has added to; everybody may use most of them.</summary>
internal static class SystemAudit
{
    private const string Added =
        """
        SELECT n.nspname || '.' || c.relname, 'rule ' || w.rulename FROM pg_rewrite w
        JOIN pg_class c ON c.oid = w.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid < 16384 AND w.oid >= 16384
        UNION ALL
        SELECT n.nspname || '.' || c.relname, 'trigger ' || t.tgname FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid < 16384 AND t.oid >= 16384
        ORDER BY 1, 2
        """;

    // One command makes all columns of a relation; a right to one writes it anew, and is Catalog.SystemRights'.
    private const string Columns =
        """
        SELECT n.nspname || '.' || c.relname, a.attname FROM pg_attribute a
        JOIN pg_attribute b ON b.attrelid = a.attrelid AND b.attnum = 1 AND b.attacl IS NULL
        JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid < 16384 AND c.relkind IN ('r', 'v') AND a.attnum > 1 AND a.attacl IS NULL AND NOT a.attisdropped
          AND a.xmin::text <> b.xmin::text
        ORDER BY 1, 2
        """;

    internal static async Task RunAsync(AuditSession session)
    {
        foreach (var (relation, what) in await session.ReadAsync(Added, row => (row.GetString(0), row.GetString(1))).ConfigureAwait(false))
        {
            session.Find(NpgsqlRejectionReason.TriggerPrivileged, relation, $"{what} was added to what PostgreSQL brings, and acts with "
                + "other rights. Drop it.");
        }

        foreach (var (relation, column) in await session.ReadAsync(Columns, row => (row.GetString(0), row.GetString(1)))
            .ConfigureAwait(false))
        {
            session.Find(NpgsqlRejectionReason.ViewUnconfined, relation, $"column {column} was added to what PostgreSQL brings, and reads "
                + "with the rights of a superuser. Restore it.");
        }
    }
}
