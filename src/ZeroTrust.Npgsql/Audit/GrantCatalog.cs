namespace ZeroTrust.Npgsql.Audit;

/// <summary>What the audit asks of a role that reads across tenants.</summary>
internal static class GrantCatalog
{
    // $2: excessive privileges.
    internal const string Writable =
        """
        SELECT n.nspname || '.' || c.relname,
               ARRAY(SELECT p.name FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE'] || $2) p(name)
                     WHERE EXISTS (SELECT FROM unnest($1) r(id) WHERE has_table_privilege(r.id, c.oid, p.name)
                                   OR p.name IN ('INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege(r.id, c.oid, p.name)))
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_(toast_)?temp_'
          AND NOT (n.nspname = 'pg_catalog' AND c.relname = 'pg_settings')
          AND EXISTS (SELECT FROM unnest($1) r(id)
                      WHERE has_table_privilege(r.id, c.oid, 'INSERT, UPDATE, DELETE, ' || array_to_string($2, ', '))
                      OR has_any_column_privilege(r.id, c.oid, 'INSERT, UPDATE, REFERENCES'))
        UNION ALL
        SELECT n.nspname || '.' || c.relname, ARRAY['USAGE or UPDATE of a sequence'] FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'S' AND n.nspname !~ '^pg_temp_' AND EXISTS (SELECT FROM unnest($1) r(id)
          WHERE has_sequence_privilege(r.id, c.oid, 'USAGE, UPDATE'))
        UNION ALL
        SELECT n.nspname || '.' || c.relname, ARRAY['SELECT of what proves tenants'] FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'zerotrust' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
          AND EXISTS (SELECT FROM unnest($1) r(id) WHERE has_table_privilege(r.id, c.oid, 'SELECT')
            OR has_any_column_privilege(r.id, c.oid, 'SELECT'))
        ORDER BY 1
        """;
}
