namespace ZeroTrust.Npgsql.Tests.Flaws;

/// <summary>Rights to what stands in the system's schemas.</summary>
internal static class SystemFlaws
{
    private const string Excessive = "npgsql.privilege_excessive";
    private const string Statistics = "SELECT concat(stavalues1, stavalues2) FROM pg_statistic WHERE starelid = 'orders'::regclass";
    private const string Change = "SET LOCAL allow_system_table_mods = on; ";
    private const string Long = "DELETE FROM lines; DELETE FROM orders WHERE id = 1; ALTER TABLE orders ALTER product SET STORAGE "
        + "EXTERNAL; INSERT INTO orders VALUES ('a', 1, repeat('anvil', 1000)); ";

    private const string Toast = "(SELECT relname FROM pg_class WHERE oid = (SELECT reltoastrelid FROM pg_class WHERE oid = "
        + "'public.orders'::regclass))";

    private const string Trusted = "UPDATE pg_language SET lanpltrusted = true WHERE lanname = 'internal'; GRANT USAGE ON LANGUAGE "
        + "internal "
        + "TO $app; COPY orders TO '$folder/data/$db.copy';";

    internal static readonly Flaw[] All =
    [
        new("a right to the statistics", Excessive, "ANALYZE orders; GRANT SELECT ON pg_statistic TO $app", Statistics, Proof.Reads),
        new("a right to the statistics for PUBLIC", Excessive, "ANALYZE orders; GRANT SELECT ON pg_statistic TO PUBLIC", Statistics,
            Proof.Reads),
        new("a right to columns of the statistics", Excessive, "ANALYZE orders; GRANT SELECT (starelid, stavalues1, stavalues2) ON "
            + "pg_statistic TO $app", Statistics, Proof.Reads),
        new("a right to every system table", Excessive, "ANALYZE orders; GRANT SELECT ON ALL TABLES IN SCHEMA pg_catalog TO $app",
            Statistics, Proof.Reads),
        new("a right to statistics of several columns", Excessive, "INSERT INTO orders SELECT 'a', 100 + i, 'anvil' FROM "
            + "generate_series(1, 50) i; CREATE STATISTICS both_columns (mcv) ON tenant_id, product FROM orders; ANALYZE orders; GRANT "
            + "SELECT ON pg_statistic_ext_data TO $app",
            "SELECT m.values::text FROM pg_statistic_ext_data d, pg_mcv_list_items(d.stxdmcv) m", Proof.Reads),
        new("a right to the secrets of roles", Excessive, "GRANT SELECT (rolname, rolpassword) ON pg_authid TO $app",
            "SELECT 'anvil, and the secret of ' || rolname FROM pg_authid", Proof.Reads),
        new("a right to the long values of a table", Excessive, $"{Long} GRANT USAGE ON SCHEMA pg_toast TO $app; DO $f$ BEGIN EXECUTE "
            + $"format('GRANT SELECT ON pg_toast.%I TO $app', {Toast}); END $f$",
            "SELECT query_to_xml(format('SELECT convert_from(chunk_data, ''UTF8'') AS part FROM pg_toast.%I', "
            + $"{Toast}), false, false, '')::text", Proof.Reads),
        new("a right to an inner view of information_schema", Excessive, "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA "
            + "WRAPPER "
            + "w; CREATE USER MAPPING FOR postgres SERVER s OPTIONS (password 'anvil'); GRANT USAGE ON FOREIGN "
            + "SERVER s TO $app; GRANT SELECT ON "
            + "information_schema._pg_user_mappings TO "
            + "$app", "SELECT umoptions::text FROM information_schema._pg_user_mappings", Proof.Reads),
        new("a view in information_schema", "npgsql.view_unconfined", "CREATE VIEW information_schema.w AS SELECT * FROM public.orders; "
            + "GRANT SELECT ON information_schema.w TO $app", "SELECT product FROM information_schema.w", Proof.Reads),
        new("a table in information_schema", "npgsql.row_security_missing", "CREATE TABLE information_schema.w AS SELECT * FROM "
            + "public.orders; GRANT SELECT ON information_schema.w TO PUBLIC", "SELECT product FROM information_schema.w", Proof.Reads),
        new("a view in pg_catalog", "npgsql.view_unconfined", $"{Change} CREATE VIEW pg_catalog.w AS SELECT * FROM public.orders; GRANT "
            + "SELECT ON pg_catalog.w TO $app", "SELECT product FROM w", Proof.Reads),
        new("a table in pg_catalog", "npgsql.row_security_missing", $"{Change} CREATE TABLE pg_catalog.w AS SELECT * FROM public.orders; "
            + "GRANT SELECT ON pg_catalog.w TO $app", "SELECT product FROM w", Proof.Reads),
        new("a function in C in pg_catalog", "npgsql.function_privileged", "CREATE FUNCTION pg_catalog.own_read_file(text) RETURNS "
            + "text LANGUAGE internal STRICT AS 'pg_read_file_all'; COPY orders TO '$folder/data/$db.copy'",
            "SELECT own_read_file('$folder/data/$db.copy')", Proof.Reads),
        new("a language that was marked as trusted", "npgsql.function_privileged", "UPDATE pg_language SET lanpltrusted = true WHERE "
            + "lanname "
            + "= 'internal'; GRANT USAGE ON LANGUAGE internal TO $app; GRANT TEMPORARY ON DATABASE $db TO $app; COPY orders TO "
            + "'$folder/data/$db.copy'", "CREATE FUNCTION pg_temp.own_read_file(text) RETURNS text LANGUAGE internal STRICT AS "
            + "'pg_read_file_all'\nSELECT pg_temp.own_read_file('$folder/data/$db.copy')", Proof.Reads),
        new("a language that was marked as trusted, and a schema to write in", "npgsql.function_privileged", $"{Trusted} GRANT CREATE "
            + "ON SCHEMA "
            + "public TO $app", "CREATE FUNCTION public.own_read_file(text) RETURNS text LANGUAGE internal STRICT AS "
            + "'pg_read_file_all'\nSELECT public.own_read_file('$folder/data/$db.copy')", Proof.Reads),
        new("a language that was marked as trusted, and the right to make schemas", "npgsql.function_privileged", $"{Trusted} GRANT "
            + "CREATE ON "
            + "DATABASE $db TO $app", "CREATE SCHEMA own\nCREATE FUNCTION own.own_read_file(text) RETURNS text LANGUAGE internal STRICT AS "
            + "'pg_read_file_all'\nSELECT own.own_read_file('$folder/data/$db.copy')", Proof.Reads),
        new("a rule of a view that everybody may update", "npgsql.trigger_privileged", $"{Change} CREATE RULE more AS ON UPDATE TO "
            + "pg_settings "
            + "DO ALSO UPDATE public.orders SET product = upper(product)",
            "UPDATE pg_settings SET setting = '1min' WHERE name = 'statement_timeout'", Proof.Changes),
        new("a trigger of a view that everybody may update", "npgsql.trigger_privileged", $"{Change} CREATE FUNCTION pg_catalog.more() "
            + "RETURNS "
            + "trigger LANGUAGE plpgsql SECURITY DEFINER AS $f$ BEGIN UPDATE public.orders SET product = upper(product); RETURN new; "
            + "END $f$; "
            + "DROP RULE pg_settings_n ON pg_settings; DROP RULE pg_settings_u ON pg_settings; CREATE TRIGGER more INSTEAD OF UPDATE ON "
            + "pg_settings FOR EACH ROW EXECUTE FUNCTION pg_catalog.more()",
            "UPDATE pg_settings SET setting = '1min' WHERE name = 'statement_timeout'", Proof.Changes),
        new("a column that was added to a view of PostgreSQL", "npgsql.view_unconfined", $"{Change} DO $f$ BEGIN EXECUTE 'CREATE OR "
            + "REPLACE "
            + "VIEW pg_catalog.pg_group AS SELECT g.*, (SELECT string_agg(product, '','') FROM public.orders) AS loot FROM (' || rtrim("
            + "pg_get_viewdef('pg_group'), ';') || ') g'; END $f$", "SELECT loot FROM pg_group LIMIT 1", Proof.Reads),
    ];
}
