namespace ZeroTrust.Npgsql.Audit;

/// <summary>What the audit asks of functions.</summary>
internal static class FunctionCatalog
{
    // $2: excluded schemas; $3: relations in reach. What an operator, cast, type, aggregate or operator class calls needs no right to name
    // its schema, and mostly none to it: row comparisons, GREATEST, arrays, indexes and foreign keys call it unasked.
    private const string Reached =
        """
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM unnest($1) r(id) WHERE has_function_privilege(r.id, p.oid, 'EXECUTE')) AS executable,
                                   EXISTS (SELECT FROM unnest($1) r(id) WHERE has_schema_privilege(r.id, n.oid, 'USAGE')) AS named) reach
        WHERE p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype) AND NOT n.nspname = ANY($2)
          AND NOT (n.nspname = 'zerotrust' AND p.proname = 'tenant' AND p.pronargs = 0)
          AND (executable AND named
               OR EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid
                 AND d.classid IN ('pg_proc'::regclass, 'pg_operator'::regclass, 'pg_cast'::regclass, 'pg_type'::regclass,
                   'pg_amproc'::regclass))
               OR executable AND EXISTS (
                 SELECT FROM pg_depend d WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid
                   AND (d.classid = 'pg_rewrite'::regclass AND d.objid IN (SELECT w.oid FROM pg_rewrite w WHERE w.ev_class = ANY($3))
                        OR d.classid = 'pg_attrdef'::regclass AND d.objid IN (SELECT f.oid FROM pg_attrdef f WHERE f.adrelid = ANY($3))
                        OR d.classid = 'pg_constraint'::regclass AND d.objid IN (SELECT k.oid FROM pg_constraint k
                          WHERE k.conrelid = ANY($3) OR k.contypid <> 0)
                        OR d.classid = 'pg_policy'::regclass AND d.objid IN (SELECT y.oid FROM pg_policy y WHERE y.polrelid = ANY($3))
                        OR d.classid = 'pg_trigger'::regclass AND d.objid IN (SELECT t.oid FROM pg_trigger t WHERE t.tgrelid = ANY($3))
                        OR d.classid = 'pg_class'::regclass AND (d.objid = ANY($3) OR d.objid IN (SELECT i.indexrelid FROM pg_index i
                          WHERE i.indrelid = ANY($3))))))
        """;

    internal const string Definers =
        $"""
        SELECT n.nspname || '.' || p.proname, pg_get_function_identity_arguments(p.oid), pg_get_userbyid(p.proowner)::text,
               (SELECT s FROM unnest(p.proconfig) s WHERE s LIKE 'search\_path=%'),
               count(*) OVER (PARTITION BY n.nspname, p.proname) = 1
        {Reached}
          AND p.prosecdef
        ORDER BY 1, 2
        """;

    // What initdb makes is of the first transaction; ALTER FUNCTION ... LEAKPROOF writes the row anew.
    internal const string Leakproof =
        $"""
        SELECT n.nspname || '.' || p.proname, pg_get_function_identity_arguments(p.oid),
               count(*) OVER (PARTITION BY n.nspname, p.proname) = 1
        {Reached}
          AND p.proleakproof AND (p.oid >= 16384 OR p.xmin::text <> '1')
        ORDER BY 1, 2
        """;

    // What initdb or an extension withheld from PUBLIC, whoever has it since.
    internal const string Withheld =
        """
        SELECT n.nspname || '.' || p.proname, pg_get_function_identity_arguments(p.oid)
        FROM pg_init_privs i JOIN pg_proc p ON p.oid = i.objoid JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE i.classoid = 'pg_proc'::regclass AND NOT EXISTS (SELECT FROM aclexplode(i.initprivs) a WHERE a.grantee = 0)
          AND EXISTS (SELECT FROM unnest($1) r(id) WHERE has_function_privilege(r.id, p.oid, 'EXECUTE'))
        ORDER BY 1, 2
        """;

    // In C, or in a language that reaches the server's files: by extension where one made it. Not what initdb made, nor the constructors
    // that a range type brings.
    internal const string Untrusted =
        """
        SELECT DISTINCT coalesce('extension:' || e.extname, n.nspname || '.' || p.proname || '(' ||
          pg_get_function_identity_arguments(p.oid) || ')'), l.lanname
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
        LEFT JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_extension'::regclass
          AND d.deptype = 'e'
        LEFT JOIN pg_extension e ON e.oid = d.refobjid
        WHERE p.prokind <> 'a' AND NOT l.lanpltrusted AND l.lanname <> 'sql' AND p.oid >= 16384 AND NOT n.nspname = ANY($2)
          AND NOT EXISTS (SELECT FROM pg_depend t WHERE t.classid = 'pg_proc'::regclass AND t.objid = p.oid
            AND t.refclassid = 'pg_type'::regclass AND t.deptype = 'i')
          AND EXISTS (SELECT FROM unnest($1) r(id) WHERE has_schema_privilege(r.id, n.oid, 'USAGE'))
          AND EXISTS (SELECT FROM unnest($1) r(id) WHERE has_function_privilege(r.id, p.oid, 'EXECUTE'))
        ORDER BY 1
        """;

    // PostgreSQL lets ordinary roles write functions in those marked as trusted, in temporary schemas too, and DO needs none.
    internal const string Languages =
        """
        SELECT 'language ' || l.lanname FROM pg_language l
        WHERE l.lanpltrusted AND EXISTS (SELECT FROM unnest($1) r(id) WHERE has_language_privilege(r.id, l.oid, 'USAGE'))
          AND NOT (l.oid < 16384 AND l.lanname IN ('sql', 'plpgsql'))
          AND NOT EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid WHERE d.classid = 'pg_language'::regclass
            AND d.objid = l.oid AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = l.lanname
            AND l.lanname IN ('plpgsql', 'plperl', 'pltcl', 'plv8'))
          AND (l.laninline <> 0 OR EXISTS (SELECT FROM unnest($1) r(id)
                 WHERE has_database_privilege(r.id, current_database(), 'TEMPORARY, CREATE'))
               OR EXISTS (SELECT FROM pg_namespace n, unnest($1) r(id) WHERE has_schema_privilege(r.id, n.oid, 'CREATE')))
        ORDER BY 1
        """;

    // $2: excluded schemas. Triggers, operators and the like run functions that the role may not name.
    internal const string Setting =
        """
        SELECT n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')'
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE EXISTS (SELECT FROM unnest(p.proconfig) s WHERE lower(s) LIKE 'zerotrust.tenant=%') AND NOT n.nspname = ANY($2)
          AND (EXISTS (SELECT FROM unnest($1) r(id) WHERE has_schema_privilege(r.id, n.oid, 'USAGE')
                 AND has_function_privilege(r.id, p.oid, 'EXECUTE'))
               OR EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid))
        ORDER BY 1
        """;
}
