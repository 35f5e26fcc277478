namespace ZeroTrust.Npgsql.Tests.Flaws;

/// <summary>What lies beside the tables: files, other logins, large objects, the right to create, settings.</summary>
internal static class ServerFlaws
{
    internal static readonly Flaw[] All =
    [
        new("a function that reads files", "npgsql.function_privileged",
            "COPY orders TO '$folder/data/$db.copy'; GRANT EXECUTE ON FUNCTION pg_read_file(text) TO $app", "SELECT "
                + "pg_read_file('$db.copy')", Proof.Reads),
        new("a function that reads files, for PUBLIC", "npgsql.function_privileged",
            "COPY orders TO '$folder/data/$db.copy'; GRANT EXECUTE ON FUNCTION pg_read_file(text) TO PUBLIC", "SELECT "
                + "pg_read_file('$db.copy')", Proof.Reads),
        new("a function that imports files", "npgsql.function_privileged",
            "COPY orders TO '$folder/$db.import'; GRANT EXECUTE ON FUNCTION lo_import(text, oid) TO $app",
            "SELECT lo_import('$folder/$db.import', $number)\nSELECT convert_from(lo_get($number), 'UTF8')", Proof.Reads),
        new("a function that connects as anybody", "npgsql.function_privileged",
            "CREATE EXTENSION dblink; GRANT EXECUTE ON FUNCTION dblink_connect_u(text, text) TO $app",
            "SELECT dblink_connect_u('x', 'host=127.0.0.1 port=$port user=postgres dbname=$db')\nSELECT p FROM dblink('x', 'SELECT "
                + "product FROM orders') AS t(p text)", Proof.Reads) { Extension = "dblink" },
        new("a foreign server and the right to make tables", "npgsql.server_reachable",
            "CREATE EXTENSION postgres_fdw; CREATE SERVER self FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port "
                + "'$port', dbname '$db'); "
            + "CREATE USER MAPPING FOR PUBLIC SERVER self OPTIONS (user 'postgres', password_required 'false'); GRANT USAGE ON FOREIGN "
                + "SERVER self TO $app; GRANT CREATE ON SCHEMA public TO $app",
            "CREATE FOREIGN TABLE far (product text) SERVER self OPTIONS (table_name 'orders')\nSELECT product FROM far",
                Proof.Reads) { Extension = "postgres_fdw" },
        new("a large object for PUBLIC", "npgsql.large_object_reachable", "SELECT lo_from_bytea($number, 'anvil')::text; GRANT SELECT ON "
            + "LARGE OBJECT $number TO PUBLIC",
            "SELECT convert_from(lo_get($number), 'UTF8')", Proof.Reads),
        new("a large object that tenant a made", "npgsql.large_object_reachable", "SELECT lo_from_bytea($number, 'anvil')::text; ALTER "
            + "LARGE OBJECT $number OWNER TO $app",
            "SELECT convert_from(lo_get($number), 'UTF8')", Proof.Reads),
        new("large objects as in PostgreSQL 8", "npgsql.large_object_reachable", "SELECT lo_from_bytea($number, 'anvil')::text; ALTER "
            + "ROLE $app SET lo_compat_privileges = on",
            "SELECT convert_from(lo_get($number), 'UTF8')", Proof.Reads),
        new("the right to create functions", "npgsql.creation_allowed", "GRANT CREATE ON SCHEMA public TO $app",
            "CREATE TABLE loot (product text)\n"
            + "CREATE FUNCTION upper(varchar) RETURNS text LANGUAGE sql AS $f$ INSERT INTO loot SELECT product FROM orders; SELECT 'x' "
                + "$f$\n"
            + "a> SELECT upper(tenant_id) FROM lines\nSELECT product FROM loot", Proof.Reads),
        new("the right to create schemas", "npgsql.creation_allowed", "GRANT CREATE ON DATABASE $db TO $app",
            "CREATE SCHEMA $app\nCREATE TABLE $app.orders (tenant_id text, id int, product text)\na> SET search_path = \"$user\", "
                + "public\na> INSERT INTO orders VALUES ('a', 8, 'anvil, the second')\n"
            + "SELECT product FROM $app.orders", Proof.Reads),
        new("a right to settings of superusers", "npgsql.privilege_excessive", "GRANT SET ON PARAMETER lo_compat_privileges TO $app; "
            + "SELECT lo_from_bytea($number, 'anvil')::text",
            "SET lo_compat_privileges = on\nSELECT convert_from(lo_get($number), 'UTF8')", Proof.Reads),
        new("keys that can be read", "npgsql.tenant_function_wrong", "GRANT SELECT ON zerotrust.tenant_keys TO $app; INSERT INTO "
            + "countries VALUES ('x')",
            "SELECT 'anvil can be signed for: ' || id FROM zerotrust.tenant_keys", Proof.Reads),
    ];
}
