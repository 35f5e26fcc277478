namespace ZeroTrust.Npgsql.Internal;

/// <summary>What the audit asks of the system catalogs (PostgreSQL 15).</summary>
internal static class Catalog
{
    internal const string Role =
        """
        SELECT current_user,
               (SELECT coalesce(string_agg(r.rolname, ', ' ORDER BY r.rolname), '') FROM pg_roles r
                WHERE (r.rolsuper OR r.rolbypassrls) AND pg_has_role(current_user, r.oid, 'MEMBER')),
               pg_backend_pid()
        """;

    internal const string Relations =
        """
        SELECT c.oid, n.nspname, c.relname, c.relkind::text, c.relrowsecurity, c.relforcerowsecurity,
               pg_has_role(current_user, c.relowner, 'MEMBER'),
               has_table_privilege(c.oid, 'TRUNCATE') OR has_table_privilege(c.oid, 'TRIGGER') OR has_table_privilege(c.oid, 'REFERENCES'),
               coalesce((SELECT bool_or(o.option_value::boolean) FROM pg_options_to_table(c.reloptions) o WHERE o.option_name = 'security_invoker'), false)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY($1) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
          AND (has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') OR has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'))
        ORDER BY 2, 3
        """;

    internal const string Policies =
        """
        SELECT p.polrelid, p.polname, p.polcmd::text, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
        FROM pg_policy p
        WHERE p.polpermissive AND p.polrelid = ANY($1)
          AND (0 = ANY(p.polroles) OR EXISTS (SELECT FROM unnest(p.polroles) r WHERE pg_has_role(current_user, r, 'MEMBER')))
        """;

    internal const string ForeignKeys =
        """
        SELECT k.conrelid, k.confrelid, k.conname,
               ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u(num, pos) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num ORDER BY u.pos),
               ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u(num, pos) JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num ORDER BY u.pos)
        FROM pg_constraint k WHERE k.contype = 'f' AND k.confrelid = ANY($1)
        """;

    internal const string UniqueIndexes =
        """
        SELECT i.indrelid, i.indexrelid::regclass::text,
               ARRAY(SELECT a.attname::text FROM unnest(i.indkey::int2[]) u(num) JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.num)
        FROM pg_index i WHERE i.indisunique AND NOT i.indisprimary AND i.indrelid = ANY($1)
        """;

    internal const string PrivilegedFunctions =
        """
        SELECT n.nspname, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles r ON r.oid = p.proowner
        WHERE p.prosecdef AND (r.rolsuper OR r.rolbypassrls) AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'zerotrust')
          AND has_schema_privilege(n.oid, 'USAGE') AND has_function_privilege(p.oid, 'EXECUTE')
        ORDER BY 1, 2
        """;

    internal const string TenantFunction =
        """
        SELECT p.prosecdef,
               EXISTS (SELECT FROM unnest(p.proconfig) s WHERE s = 'search_path=pg_catalog, pg_temp'),
               pg_has_role(current_user, p.proowner, 'MEMBER') OR has_schema_privilege(n.oid, 'CREATE'),
               coalesce(has_table_privilege(to_regclass('zerotrust.tenant_keys'), 'SELECT, INSERT, UPDATE, DELETE'), false)
                 OR coalesce(has_any_column_privilege(to_regclass('zerotrust.tenant_keys'), 'SELECT, INSERT, UPDATE'), false)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'zerotrust' AND p.proname = 'tenant' AND p.pronargs = 0
        """;

    internal const string Probe = "SELECT set_config('zerotrust.tenant', $1, true), zerotrust.tenant()";
}
