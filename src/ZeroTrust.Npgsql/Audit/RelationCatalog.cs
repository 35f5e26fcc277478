namespace ZeroTrust.Npgsql.Audit;

/// <summary>What the audit asks of tables, views and what hangs on them.</summary>
internal static class RelationCatalog
{
    internal const string Policies =
        """
        SELECT p.polrelid, p.polname, p.polcmd::text, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid),
               p.polpermissive AND (0 = ANY(p.polroles) OR p.polroles && $1)
        FROM pg_policy p
        WHERE p.polname = $2 OR p.polpermissive AND p.polrelid = ANY($3) AND (0 = ANY(p.polroles) OR p.polroles && $1)
        """;

    // Columns by which two tenants could be one. A domain compares as what it is made of.
    internal const string LooseColumns =
        """
        WITH RECURSIVE kind AS (
          SELECT a.attrelid, a.attname, a.attcollation, t.typtype, t.oid, t.typbasetype FROM pg_attribute a JOIN pg_type t
            ON t.oid = a.atttypid
          WHERE a.attrelid = ANY($1) AND a.attnum > 0 AND NOT a.attisdropped
          UNION ALL
          SELECT kind.attrelid, kind.attname, kind.attcollation, t.typtype, t.oid, t.typbasetype
          FROM kind JOIN pg_type t ON kind.typtype = 'd' AND t.oid = kind.typbasetype
        )
        SELECT kind.attrelid, kind.attname FROM kind LEFT JOIN pg_collation l ON l.oid = kind.attcollation
        WHERE kind.typtype <> 'd'
          AND NOT (kind.oid IN ('text'::regtype, 'varchar'::regtype) AND coalesce(l.collisdeterministic, true))
        """;

    internal const string Descendants =
        """
        WITH RECURSIVE tree AS (
          SELECT i.inhparent AS root, i.inhrelid AS id FROM pg_inherits i WHERE i.inhparent = ANY($1)
          UNION
          SELECT tree.root, i.inhrelid FROM tree JOIN pg_inherits i ON i.inhparent = tree.id
        )
        SELECT tree.root, tree.id, n.nspname || '.' || c.relname, c.relispartition, c.relrowsecurity
        FROM tree JOIN pg_class c ON c.oid = tree.id JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'f')
        """;

    internal const string ForeignKeys =
        """
        SELECT k.conname, k.conrelid, k.confrelid, n.nspname, n.nspname || '.' || c.relname, pn.nspname, pn.nspname || '.' || p.relname,
          k.confdeltype::text, k.confupdtype::text,
               ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u(num, pos)
                 JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num ORDER BY u.pos),
               ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u(num, pos)
                 JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num ORDER BY u.pos),
               ARRAY(SELECT a.attname::text FROM unnest(k.confdelsetcols) u(num) JOIN pg_attribute a ON a.attrelid = k.conrelid
                 AND a.attnum = u.num),
               EXISTS (SELECT FROM unnest($1) r(id) WHERE has_table_privilege(r.id, k.confrelid, 'DELETE')),
               EXISTS (SELECT FROM unnest($1) r(id), unnest(k.confkey) u(num)
                 WHERE has_column_privilege(r.id, k.confrelid, u.num, 'UPDATE'))
        FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_class p ON p.oid = k.confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
        WHERE k.contype = 'f' AND k.conparentid = 0 ORDER BY 4, 1
        """;

    // Key columns alone: included ones are carried, not compared. Only those compared as text is, letter by letter: by the catalog's own
    // equality, a collation that is deterministic, and an operator class for text that PostgreSQL, or btree_gist, brought.
    internal const string Uniques =
        """
        SELECT i.indrelid, x.relname,
               ARRAY(SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY u(num, pos)
                 JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.num
                     LEFT JOIN pg_operator o ON o.oid = k.conexclop[u.pos]
                     WHERE u.pos <= i.indnkeyatts AND (NOT i.indisexclusion OR o.oprname = '='
                       AND o.oprnamespace = 'pg_catalog'::regnamespace)
                       AND coalesce((SELECT l.collisdeterministic FROM pg_collation l
                         WHERE l.oid = i.indcollation[u.pos::int4 - 1]), true)
                       AND EXISTS (SELECT FROM pg_opclass s WHERE s.oid = i.indclass[u.pos::int4 - 1] AND s.opcintype = 'text'::regtype
                         AND (s.oid < 16384 OR EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
                           WHERE d.classid = 'pg_opclass'::regclass AND d.objid = s.oid AND d.refclassid = 'pg_extension'::regclass
                             AND d.deptype = 'e' AND e.extname = 'btree_gist'))))
        FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid
          AND k.conrelid = i.indrelid AND k.contype IN ('x', 'u', 'p')
        WHERE (i.indisunique AND NOT i.indisprimary OR i.indisexclusion) AND i.indrelid = ANY($1) ORDER BY 1, 2
        """;

    // $1: tables that are written; $2 and $3: tables whose rows the action of a foreign key deletes and changes. It does so as their owner
    // and past FORCE, and
    // so do the triggers before it, whatever their function; those after it wait for the role's own statement. Bits of tgtype: 2 before, 8
    // DELETE, 16 UPDATE.
    internal const string Triggers =
        """
        SELECT n.nspname || '.' || c.relname, t.tgname, pn.nspname || '.' || p.proname, p.prosecdef FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace pn ON pn.oid = p.pronamespace
        WHERE NOT t.tgisinternal AND (p.prosecdef AND t.tgrelid = ANY($1) OR t.tgtype & 10 = 10 AND t.tgrelid = ANY($2)
          OR t.tgtype & 18 = 18 AND t.tgrelid = ANY($3))
        ORDER BY 1, 2
        """;

    internal const string Rules =
        """
        SELECT n.nspname || '.' || c.relname, w.rulename FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class
          JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE w.rulename <> '_RETURN' AND w.ev_class = ANY($1) ORDER BY 1, 2
        """;
}
