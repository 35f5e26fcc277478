namespace ZeroTrust.Npgsql.Audit;

/// <summary>Which relations the role can come to, by name or by what PostgreSQL has looked up for it.</summary>
internal static class RelationReach
{
    // $1: roles; $2: excluded schemas; $3: excessive privileges. Of the system's schemas, what was made after initdb (Catalog.SystemRights
    // has the others). Views, policies and functions with a parsed body (BEGIN ATOMIC) lead to relations in schemas that the role may not
    // name: there only the right to the relation counts. So do functions behind defaults, constraints, operators and casts. A body that is
    // a string is looked up as the role, and leads nowhere.
    internal const string Sql =
        """
        WITH RECURSIVE held AS MATERIALIZED (
          SELECT c.oid, n.nspname, NOT n.nspname = ANY($2) AND EXISTS (SELECT FROM unnest($1) r(id)
            WHERE has_schema_privilege(r.id, n.oid, 'USAGE')) AS named
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 't') AND c.oid >= 16384 AND n.nspname <> 'zerotrust'
            AND n.nspname !~ '^pg_(toast_)?temp_'
            AND EXISTS (SELECT FROM unnest($1) r(id)
                        WHERE has_table_privilege(r.id, c.oid, 'SELECT, INSERT, UPDATE, DELETE, ' || array_to_string($3, ', '))
                           OR has_any_column_privilege(r.id, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'))
        ), made AS MATERIALIZED (
          SELECT p.oid, p.prosecdef, p.prokind,
            EXISTS (SELECT FROM unnest($1) r(id) WHERE has_function_privilege(r.id, p.oid, 'EXECUTE')) AS executable,
            NOT n.nspname = ANY($2) AND EXISTS (SELECT FROM unnest($1) r(id) WHERE has_schema_privilege(r.id, n.oid, 'USAGE')) AS named
          FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid >= 16384
        ), holder AS (
          SELECT 'pg_rewrite'::regclass AS classid, w.oid AS objid, w.ev_class AS relation FROM pg_rewrite w
          UNION ALL
          SELECT 'pg_policy'::regclass, y.oid, y.polrelid FROM pg_policy y WHERE 0 = ANY(y.polroles) OR y.polroles && $1
          UNION ALL
          SELECT 'pg_attrdef'::regclass, f.oid, f.adrelid FROM pg_attrdef f
          UNION ALL
          SELECT 'pg_constraint'::regclass, k.oid, k.conrelid FROM pg_constraint k WHERE k.conrelid <> 0
          UNION ALL
          SELECT 'pg_trigger'::regclass, t.oid, t.tgrelid FROM pg_trigger t
          UNION ALL
          SELECT 'pg_class'::regclass, i.indexrelid, i.indrelid FROM pg_index i
        ), edge AS MATERIALIZED (
          SELECT 'pg_class'::regclass AS sourceclass, h.relation AS source, d.refclassid AS class, d.refobjid AS id
          FROM holder h JOIN pg_depend d ON d.classid = h.classid AND d.objid = h.objid
          LEFT JOIN held ON d.refclassid = 'pg_class'::regclass AND held.oid = d.refobjid
          LEFT JOIN made ON d.refclassid = 'pg_proc'::regclass AND made.oid = d.refobjid
          WHERE held.oid IS NOT NULL AND h.classid IN ('pg_rewrite'::regclass, 'pg_policy'::regclass) OR made.executable
          UNION ALL
          SELECT 'pg_proc'::regclass, s.oid, d.refclassid, d.refobjid
          FROM made s JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = s.oid
          LEFT JOIN held ON d.refclassid = 'pg_class'::regclass AND held.oid = d.refobjid
          LEFT JOIN made ON d.refclassid = 'pg_proc'::regclass AND made.oid = d.refobjid
          WHERE NOT s.prosecdef AND (held.oid IS NOT NULL OR made.executable OR made.oid IS NOT NULL AND s.prokind = 'a')
        ), reach AS (
          SELECT 'pg_class'::regclass AS class, held.oid AS id FROM held WHERE named
          UNION
          SELECT 'pg_proc'::regclass, made.oid FROM made
          WHERE executable AND named
             OR EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid = made.oid
               AND (d.classid IN ('pg_operator'::regclass, 'pg_cast'::regclass, 'pg_type'::regclass, 'pg_amproc'::regclass)
                 OR d.classid = 'pg_constraint'::regclass AND d.objid IN (SELECT k.oid FROM pg_constraint k
                   WHERE k.contypid <> 0)))
          UNION
          SELECT edge.class, edge.id FROM reach JOIN edge ON edge.sourceclass = reach.class AND edge.source = reach.id
        )
        SELECT c.oid, held.nspname, c.relname, c.relkind::text, c.relrowsecurity, c.relforcerowsecurity,
               coalesce((SELECT bool_or(o.option_value::boolean) FROM pg_options_to_table(c.reloptions) o
                 WHERE o.option_name = 'security_invoker'), false),
               ARRAY(SELECT p.name FROM unnest($3) p(name)
                     WHERE EXISTS (SELECT FROM unnest($1) r(id)
                                   WHERE has_table_privilege(r.id, c.oid, p.name) OR p.name = 'REFERENCES'
                                     AND has_any_column_privilege(r.id, c.oid, 'REFERENCES'))),
               EXISTS (SELECT FROM unnest($1) r(id) WHERE has_table_privilege(r.id, c.oid, 'INSERT, UPDATE, DELETE')
                 OR has_any_column_privilege(r.id, c.oid, 'INSERT, UPDATE'))
        FROM reach JOIN held ON held.oid = reach.id JOIN pg_class c ON c.oid = reach.id
        WHERE reach.class = 'pg_class'::regclass
        ORDER BY 2, 3
        """;
}
