namespace ZeroTrust.Npgsql.Audit;

/// <summary>What the audit asks of <c>zerotrust.tenant()</c> and of the keys that it proves tenants by.</summary>
internal static class TenantFunctionCatalog
{
    internal const string Function =
        """
        SELECT p.prosrc, l.lanname, p.prosecdef, CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END,
               coalesce(p.proconfig, '{}'),
               p.provolatile = 's' AND NOT p.proleakproof AND NOT p.proisstrict AND NOT p.proretset AND p.prokind = 'f'
                 AND p.prorettype = 'text'::regtype AND p.prosqlbody IS NULL AND p.prosupport = 0,
               (SELECT count(*) FROM pg_proc o WHERE o.pronamespace = n.oid AND o.proname = 'tenant') = 1,
               pg_has_role(n.nspowner, p.proowner, 'MEMBER') OR pg_has_role(p.proowner, n.nspowner, 'MEMBER')
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
        WHERE n.nspname = 'zerotrust' AND p.proname = 'tenant' AND p.pronargs = 0
        """;

    // Its rows are the owner's alone to read and to write. What inherits from it is read with it, and its parent reads it.
    internal const string Keys =
        """
        WITH keys AS (
          SELECT c.*, (SELECT p.proowner FROM pg_proc p WHERE p.pronamespace = c.relnamespace AND p.proname = 'tenant'
            AND p.pronargs = 0) AS reader
          FROM pg_class c WHERE c.relnamespace = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = 'zerotrust')
            AND c.relname = 'tenant_keys'
        )
        SELECT 'is missing' WHERE NOT EXISTS (SELECT FROM keys)
        UNION ALL
        SELECT 'is no table of id text, inner_block bytea, outer_block bytea' FROM keys
        WHERE relkind <> 'r' OR ARRAY(SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod) FROM pg_attribute a
          WHERE a.attrelid = keys.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)
          <> ARRAY['id text', 'inner_block bytea', 'outer_block bytea']
        UNION ALL
        SELECT 'is neither the function''s owner''s nor the superuser''s' FROM keys
        WHERE NOT (pg_has_role(relowner, reader, 'MEMBER') OR pg_has_role(reader, relowner, 'MEMBER'))
        UNION ALL
        SELECT 'gives ' || string_agg(DISTINCT held.privilege_type, ', ') || ' to '
          || coalesce(pg_get_userbyid(nullif(held.grantee, 0))::text, 'PUBLIC')
        FROM keys CROSS JOIN LATERAL (
          SELECT x.grantee, x.privilege_type FROM aclexplode(keys.relacl) x
          UNION ALL
          SELECT x.grantee, x.privilege_type FROM pg_attribute a, aclexplode(a.attacl) x WHERE a.attrelid = keys.oid) held
        LEFT JOIN pg_roles r ON r.oid = held.grantee
        WHERE held.grantee NOT IN (keys.relowner, keys.reader) AND NOT coalesce(r.rolsuper, false)
        GROUP BY held.grantee
        UNION ALL
        SELECT 'has row-level security' FROM keys WHERE relrowsecurity OR relforcerowsecurity
        UNION ALL
        SELECT 'has policy ' || y.polname FROM keys JOIN pg_policy y ON y.polrelid = keys.oid
        UNION ALL
        SELECT 'has trigger ' || t.tgname FROM keys JOIN pg_trigger t ON t.tgrelid = keys.oid WHERE NOT t.tgisinternal
        UNION ALL
        SELECT 'has rule ' || w.rulename FROM keys JOIN pg_rewrite w ON w.ev_class = keys.oid WHERE w.rulename <> '_RETURN'
        UNION ALL
        SELECT CASE WHEN i.inhparent = keys.oid THEN 'is inherited by ' ELSE 'inherits from ' END || n.nspname || '.' || c.relname
        FROM keys JOIN pg_inherits i ON keys.oid IN (i.inhparent, i.inhrelid)
        JOIN pg_class c ON c.oid IN (i.inhparent, i.inhrelid) AND c.oid <> keys.oid JOIN pg_namespace n ON n.oid = c.relnamespace
        """;
}
