namespace ZeroTrust.Npgsql.Tests.Flaws;

/// <summary>Roles that policies do not bind, or not in the same way.</summary>
internal static class RoleFlaws
{
    private const string Read = "SELECT product FROM orders";
    private const string Psql = "psql -h 127.0.0.1 -p $port -U postgres -d $db -c \"UPDATE orders SET product = upper(product)\"";

    internal static readonly Flaw[] All =
    [
        new("a superuser", "npgsql.role_privileged", "ALTER ROLE $app SUPERUSER", Read, Proof.Reads),
        new("a role that passes policies", "npgsql.role_privileged", "ALTER ROLE $app BYPASSRLS", Read, Proof.Reads),
        new("a member of a superuser", "npgsql.role_privileged", "GRANT postgres TO $app", $"SET ROLE postgres\n{Read}", Proof.Reads),
        new("a member, not inheriting, of a role that passes policies", "npgsql.role_privileged",
            "CREATE ROLE $x BYPASSRLS; GRANT SELECT ON orders TO $x; ALTER ROLE $app NOINHERIT; GRANT $x TO $app", $"SET ROLE "
                + $"$x\n{Read}", Proof.Reads),
        new("a member of a member of a role that passes policies", "npgsql.role_privileged",
            "CREATE ROLE $x BYPASSRLS; CREATE ROLE $y; GRANT SELECT ON orders TO $x; GRANT $x TO $y; GRANT $y TO $app", $"SET ROLE "
                + $"$x\n{Read}", Proof.Reads),
        new("a role that makes roles", "npgsql.role_privileged", "ALTER ROLE $app CREATEROLE", $"GRANT $reports TO $app\nSET ROLE "
            + $"$reports\n{Read}", Proof.Reads) { WorksUntil = 15 },
        new("a role that administers the one across tenants", "npgsql.policy_foreign",
            "GRANT $reports TO $app WITH ADMIN TRUE, INHERIT FALSE, SET FALSE", $"GRANT $reports TO $app WITH SET TRUE\nSET ROLE "
                + $"$reports\n{Read}", Proof.Reads) { From = 16 },
        new("a role that replicates", "npgsql.role_privileged", "ALTER ROLE $app REPLICATION",
            "SELECT 'slot' FROM pg_create_logical_replication_slot('$app', 'test_decoding')\n"
            + "a> UPDATE orders SET product = product\nSELECT data FROM pg_logical_slot_get_changes('$app', NULL, NULL) WHERE data LIKE "
                + "'%anvil%'", Proof.Reads),
        new("a role that reads all data", "npgsql.role_privileged",
            "CREATE TABLE journal AS SELECT * FROM orders; GRANT pg_read_all_data TO $app", "SELECT product FROM journal", Proof.Reads),
        new("a role that writes all data", "npgsql.role_privileged",
            "CREATE TABLE mirror AS SELECT * FROM orders; CREATE FUNCTION mirrored() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
                + "SET search_path = public, pg_temp AS "
            + "$f$ BEGIN UPDATE orders SET product = new.product WHERE id = 1; RETURN new; END $f$; CREATE TRIGGER mirrored AFTER INSERT "
                + "ON mirror FOR EACH ROW EXECUTE FUNCTION mirrored(); "
            + "GRANT pg_write_all_data TO $app", "INSERT INTO mirror VALUES ('b', 3, 'changed')", Proof.Changes),
        new("a role that runs programs of the server", "npgsql.role_privileged",
            "GRANT pg_execute_server_program TO $app", $"COPY (SELECT 1) TO PROGRAM '{Psql}'", Proof.Changes),
        new("a role that reads files of the server", "npgsql.role_privileged",
            "COPY (SELECT product FROM orders) TO '$folder/$db.copy'; GRANT pg_read_server_files TO $app; GRANT INSERT ON countries TO "
                + "$app",
            "COPY countries FROM '$folder/$db.copy'\nSELECT name FROM countries", Proof.Reads) { Shared = ["public.countries"] },
        new("a role that reads statements of all roles", "npgsql.role_privileged", "GRANT pg_read_all_stats TO $app",
            "owner> SELECT 'anvil, by the owner'\nSELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE '%by "
                + "the owner%'", Proof.Reads),
        new("a role that watches", "npgsql.role_privileged", "GRANT pg_monitor TO $app",
            "owner> SELECT 'anvil, by the owner'\nSELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE '%by "
                + "the owner%'", Proof.Reads),
        new("sessions that see each other's statements", "npgsql.statements_visible", "ALTER ROLE $app RESET track_activities",
            "a> SELECT product FROM orders WHERE product = 'anvil'\nSELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
                + "query LIKE '%product = %'", Proof.Reads),
        new("a member of the role across tenants", "npgsql.policy_foreign", "GRANT $reports TO $app", Read, Proof.Reads),
        new("a member, not inheriting, of the role across tenants", "npgsql.policy_foreign",
            "ALTER ROLE $app NOINHERIT; GRANT $reports TO $app", $"SET ROLE $reports\n{Read}", Proof.Reads),
        new("a member of the owner", "npgsql.role_owns_table", "GRANT $owner TO $app", $"ALTER TABLE orders DISABLE ROW LEVEL "
            + $"SECURITY\n{Read}", Proof.Reads),
        new("the owner of the database", "npgsql.role_owns_object", "ALTER DATABASE $db OWNER TO $app", "DROP TABLE orders CASCADE",
            Proof.Changes),
        new("the owner of a schema", "npgsql.role_owns_object", "ALTER SCHEMA public OWNER TO $app", "DROP TABLE orders CASCADE",
            Proof.Changes),
        new("the owner of a shared table", "npgsql.role_owns_table", "GRANT UPDATE ON countries TO $app; ALTER TABLE countries OWNER TO "
            + "$app",
            "CREATE RULE loot AS ON UPDATE TO countries DO ALSO INSERT INTO countries SELECT product FROM orders\na> UPDATE countries "
                + "SET name = name\nSELECT name FROM countries", Proof.Reads),
    ];
}
