namespace ZeroTrust.Npgsql.Audit;

/// <summary>What the audit asks of roles, of the database and of settings (PostgreSQL 15 and later), as an ordinary role.</summary>
/// <remarks><c>$1</c> is every role the session can act as; superusers are not among them.</remarks>
internal static class Catalog
{
    internal const string Begin =
        """
        SELECT pg_catalog.current_setting('server_version_num')::pg_catalog.int4,
               pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true),
               pg_catalog.set_config('transaction_read_only', 'on', true),
               pg_catalog.set_config('quote_all_identifiers', 'off', true),
               pg_catalog.set_config('standard_conforming_strings', 'on', true),
               pg_catalog.set_config('array_nulls', 'on', true),
               pg_catalog.set_config('transform_null_equals', 'off', true),
               pg_catalog.set_config('bytea_output', 'hex', true),
               pg_catalog.set_config('datestyle', 'ISO', true),
               pg_catalog.set_config('statement_timeout', $1, true)
        """;

    // MEMBER is membership by whatever options: inherited, by SET ROLE, and by ADMIN, with which one gives oneself the other two.
    internal const string Roles =
        """
        SELECT r.oid, r.rolname, r.rolname = session_user, r.rolname ~ '^pg_',
               array_remove(ARRAY[CASE WHEN r.rolsuper THEN 'SUPERUSER' END, CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END, CASE WHEN
                 r.rolcreaterole THEN 'CREATEROLE' END,
                                  CASE WHEN r.rolreplication THEN 'REPLICATION' END, CASE WHEN r.rolcreatedb THEN 'CREATEDB' END], NULL)
        FROM pg_roles r WHERE pg_has_role(session_user, r.oid, 'MEMBER') ORDER BY 3 DESC, 2
        """;

    internal const string Owned =
        """
        SELECT CASE WHEN c.oid IS NULL THEN pg_describe_object(d.classid, d.objid, 0) ELSE n.nspname || '.' || c.relname END,
          coalesce(c.relkind IN ('r', 'p', 'f'), false)
        FROM pg_shdepend d
        LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = ANY($1) AND d.deptype = 'o'
          AND (d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
               OR d.classid = 'pg_database'::regclass AND d.objid = (SELECT oid FROM pg_database WHERE datname = current_database()))
          AND d.classid NOT IN ('pg_largeobject'::regclass, 'pg_default_acl'::regclass, 'pg_user_mapping'::regclass)
          AND coalesce(n.nspname, '') !~ '^pg_temp_'
          AND NOT EXISTS (SELECT FROM pg_proc p JOIN pg_namespace pn ON pn.oid = p.pronamespace WHERE d.classid = 'pg_proc'::regclass
            AND p.oid = d.objid AND pn.nspname ~ '^pg_temp_')
          AND NOT EXISTS (SELECT FROM pg_type t JOIN pg_namespace tn ON tn.oid = t.typnamespace WHERE d.classid = 'pg_type'::regclass
            AND t.oid = d.objid AND tn.nspname ~ '^pg_temp_')
        ORDER BY 1
        """;

    internal const string Creation =
        """
        SELECT 'database ' || current_database(), 'CREATE' WHERE EXISTS (SELECT FROM unnest($1) r(id)
          WHERE has_database_privilege(r.id, current_database(), 'CREATE'))
        UNION ALL
        SELECT 'database ' || current_database(), 'TEMPORARY' WHERE EXISTS (SELECT FROM unnest($1) r(id)
          WHERE has_database_privilege(r.id, current_database(), 'TEMPORARY'))
        UNION ALL
        SELECT 'schema ' || n.nspname, 'CREATE' FROM pg_namespace n
        WHERE n.nspname !~ '^pg_(toast_)?temp_' AND EXISTS (SELECT FROM unnest($1) r(id) WHERE has_schema_privilege(r.id, n.oid, 'CREATE'))
        ORDER BY 1
        """;

    internal const string DefaultPrivileges =
        """
        SELECT DISTINCT pg_get_userbyid(d.defaclrole)::text FROM pg_default_acl d
        WHERE d.defaclobjtype = 'r' AND NOT d.defaclrole = ANY($1)
          AND EXISTS (SELECT FROM aclexplode(d.defaclacl) a WHERE a.grantee = 0 OR a.grantee = ANY($1))
        ORDER BY 1
        """;

    // What the relations of initdb give beyond what initdb gave, which it does not note of information_schema: SELECT, but on the inner
    // views (_pg_...).
    internal const string SystemRights =
        """
        SELECT n.nspname || '.' || c.relname, array_agg(DISTINCT held.privilege_type)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        CROSS JOIN LATERAL (
          SELECT x.grantee, x.privilege_type, 0 AS part FROM aclexplode(c.relacl) x
          UNION ALL
          SELECT x.grantee, x.privilege_type, a.attnum FROM pg_attribute a, aclexplode(a.attacl) x WHERE a.attrelid = c.oid) held
        WHERE c.oid < 16384 AND (held.grantee = 0 OR held.grantee = ANY($1))
          AND NOT EXISTS (SELECT FROM pg_init_privs i, aclexplode(i.initprivs) y WHERE i.classoid = 'pg_class'::regclass
            AND i.objoid = c.oid AND i.objsubid IN (0, held.part) AND y.grantee IN (0, held.grantee)
            AND y.privilege_type = held.privilege_type)
          AND NOT (n.nspname = 'information_schema' AND c.relname !~ '^_pg_' AND held.privilege_type = 'SELECT')
        GROUP BY 1 ORDER BY 1
        """;

    internal const string Parameters =
        """
        SELECT p.parname FROM pg_parameter_acl p
        WHERE EXISTS (SELECT FROM aclexplode(p.paracl) a WHERE a.grantee = 0 OR a.grantee = ANY($1)) ORDER BY 1
        """;

    internal const string ForeignServers =
        """
        SELECT 'foreign server ' || s.srvname FROM pg_foreign_server s WHERE EXISTS (SELECT FROM unnest($1) r(id)
          WHERE has_server_privilege(r.id, s.oid, 'USAGE'))
        UNION ALL
        SELECT 'foreign-data wrapper ' || w.fdwname FROM pg_foreign_data_wrapper w
        WHERE EXISTS (SELECT FROM unnest($1) r(id) WHERE has_foreign_data_wrapper_privilege(r.id, w.oid, 'USAGE'))
        ORDER BY 1
        """;

    internal const string LargeObjects =
        """
        SELECT m.oid::text FROM pg_largeobject_metadata m
        WHERE m.lomowner = ANY($1) OR EXISTS (SELECT FROM aclexplode(m.lomacl) a WHERE a.grantee = 0 OR a.grantee = ANY($1))
        LIMIT 1
        """;

    internal const string Settings = "SELECT s.name, current_setting(s.name, true) FROM unnest($1) s(name) WHERE current_setting(s.name, "
        + "true) IS NOT NULL";

    internal const string TenantFunction =
        """
        SELECT p.prosecdef,
               EXISTS (SELECT FROM unnest(p.proconfig) s WHERE s = 'search_path=pg_catalog, pg_temp'),
               p.proowner = ANY($1) OR n.nspowner = ANY($1) OR EXISTS (SELECT FROM unnest($1) r(id)
                 WHERE has_schema_privilege(r.id, n.oid, 'CREATE')),
               EXISTS (SELECT FROM pg_class c, unnest($1) r(id) WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
                       AND (has_table_privilege(r.id, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER, REFERENCES')
                         OR has_any_column_privilege(r.id, c.oid, 'SELECT, INSERT, UPDATE'))),
               p.provolatile = 'i',
               NOT p.prosecdef AND p.prosrc !~ 'tenant_keys'
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'zerotrust' AND p.proname = 'tenant' AND p.pronargs = 0
        """;

    internal const string Probe = "SELECT set_config('zerotrust.tenant', $1, true), zerotrust.tenant()";
}
