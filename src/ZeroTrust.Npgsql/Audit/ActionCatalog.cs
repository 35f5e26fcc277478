namespace ZeroTrust.Npgsql.Audit;

/// <summary>What the audit asks of expressions that foreign keys evaluate as the owner of a table.</summary>
internal static class ActionCatalog
{
    // $1: tables whose rows an action changes; $2: those it sets to defaults; $3: those it deletes from; $4: tables that are written in any
    // way, whose foreign keys are checked. C functions of extensions are FunctionAudit's.
    internal const string Functions =
        """
        WITH RECURSIVE expression AS (
          SELECT 'pg_constraint'::regclass AS classid, k.oid AS objid, k.conrelid AS relation, 'constraint ' || k.conname AS place,
            0::oid AS own FROM pg_constraint k WHERE k.contype = 'c' AND k.conrelid = ANY($1)
          UNION ALL
          SELECT 'pg_attrdef'::regclass, f.oid, f.adrelid, 'column ' || a.attname, 0 FROM pg_attrdef f
          JOIN pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum
          WHERE f.adrelid = ANY($1) AND a.attgenerated <> '' OR f.adrelid = ANY($2)
          UNION ALL
          SELECT 'pg_class'::regclass, i.indexrelid, i.indrelid, 'index ' || x.relname, 0 FROM pg_index i
          JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = ANY($1)
          UNION ALL
          SELECT 'pg_class'::regclass, p.partrelid, p.partrelid, 'the partition key', 0 FROM pg_partitioned_table p
          WHERE p.partrelid IN (SELECT h.inhparent FROM pg_inherits h WHERE h.inhrelid = ANY($1))
          UNION ALL
          SELECT 'pg_trigger'::regclass, t.oid, t.tgrelid, 'trigger ' || t.tgname, t.tgfoid FROM pg_trigger t
          WHERE t.tgqual IS NOT NULL AND (t.tgrelid = ANY($1) OR t.tgrelid = ANY($3))
        ), used AS (
          SELECT e.relation, e.place, d.refclassid, d.refobjid, d.refobjsubid FROM expression e
          JOIN pg_depend d ON d.classid = e.classid AND d.objid = e.objid WHERE d.refobjid <> e.own
        ), key AS (
          SELECT k.* FROM pg_constraint k WHERE k.contype = 'f' AND (k.conrelid = ANY($4) OR k.confrelid = ANY($4))
        ), kind AS (
          SELECT used.relation, used.place, a.atttypid AS type, false AS written FROM used JOIN pg_attribute a
            ON a.attrelid = used.refobjid AND a.attnum > 0 AND used.refobjsubid IN (0, a.attnum)
          WHERE used.refclassid = 'pg_class'::regclass
          UNION
          SELECT k.conrelid, 'foreign key ' || k.conname, a.atttypid, a.attrelid = ANY($1) FROM key k
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY(k.conkey)
          UNION
          SELECT relation, place, refobjid, true FROM used WHERE refclassid = 'pg_type'::regclass
          UNION
          SELECT kind.relation, kind.place, part.type, kind.written FROM kind CROSS JOIN LATERAL (
            SELECT unnest(ARRAY[t.typelem, t.typbasetype]) FROM pg_type t WHERE t.oid = kind.type
            UNION ALL
            SELECT a.atttypid FROM pg_type t JOIN pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE t.oid = kind.type AND t.typtype = 'c'
            UNION ALL
            SELECT g.rngsubtype FROM pg_range g WHERE kind.type IN (g.rngtypid, g.rngmultitypid)) part(type)
          WHERE part.type <> 0
        ), class AS (
          SELECT relation, place, refobjid AS id FROM used WHERE refclassid = 'pg_opclass'::regclass
          UNION
          SELECT kind.relation, kind.place, c.oid FROM kind JOIN pg_opclass c ON c.opcintype = kind.type WHERE c.oid >= 16384
          UNION
          SELECT kind.relation, kind.place, r.rngsubopc FROM kind JOIN pg_range r ON kind.type IN (r.rngtypid, r.rngmultitypid)
          UNION
          SELECT k.conrelid, 'foreign key ' || k.conname, c.id FROM key k JOIN pg_index i ON i.indrelid IN (k.conrelid, k.confrelid),
            unnest(i.indclass::oid[]) c(id)
        ), operator AS (
          SELECT relation, place, refobjid AS id FROM used WHERE refclassid = 'pg_operator'::regclass
          UNION
          SELECT k.conrelid, 'foreign key ' || k.conname, o.id FROM key k, unnest(k.conpfeqop || k.conppeqop || k.conffeqop) o(id)
          UNION
          SELECT class.relation, class.place, a.amopopr FROM class JOIN pg_opclass c ON c.oid = class.id
          JOIN pg_amop a ON a.amopfamily = c.opcfamily
          UNION
          SELECT kind.relation, kind.place, d.refobjid FROM kind JOIN pg_constraint k ON k.contypid = kind.type
          JOIN pg_depend d ON d.classid = 'pg_constraint'::regclass AND d.objid = k.oid AND d.refclassid = 'pg_operator'::regclass
          WHERE kind.written
        ), called AS (
          SELECT relation, place, refobjid AS id FROM used WHERE refclassid = 'pg_proc'::regclass
          UNION
          SELECT operator.relation, operator.place, o.oprcode FROM operator JOIN pg_operator o ON o.oid = operator.id
          UNION
          SELECT class.relation, class.place, a.amproc FROM class JOIN pg_opclass c ON c.oid = class.id
          JOIN pg_amproc a ON a.amprocfamily = c.opcfamily
          UNION
          SELECT kind.relation, kind.place, d.refobjid FROM kind JOIN pg_constraint k ON k.contypid = kind.type
          JOIN pg_depend d ON d.classid = 'pg_constraint'::regclass AND d.objid = k.oid AND d.refclassid = 'pg_proc'::regclass
          WHERE kind.written
          UNION
          SELECT kind.relation, kind.place, g.id FROM kind JOIN pg_range r ON kind.type IN (r.rngtypid, r.rngmultitypid),
            unnest(ARRAY[r.rngcanonical::oid, r.rngsubdiff::oid]) g(id)
          UNION
          SELECT kind.relation, kind.place, c.castfunc FROM kind JOIN pg_cast c ON c.castsource = kind.type AND c.castcontext = 'i'
        )
        SELECT DISTINCT n.nspname || '.' || p.proname, pg_get_function_identity_arguments(p.oid),
               (SELECT count(*) FROM pg_proc s WHERE s.pronamespace = p.pronamespace AND s.proname = p.proname) = 1,
               called.place, rn.nspname || '.' || r.relname
        FROM called JOIN pg_proc p ON p.oid = called.id JOIN pg_namespace n ON n.oid = p.pronamespace
        JOIN pg_language l ON l.oid = p.prolang
        JOIN pg_class r ON r.oid = called.relation JOIN pg_namespace rn ON rn.oid = r.relnamespace
        WHERE p.oid >= 16384 AND NOT (l.lanname = 'c' AND EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass
          AND d.objid = p.oid AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'))
        ORDER BY 1, 2, 5, 4
        """;
}
