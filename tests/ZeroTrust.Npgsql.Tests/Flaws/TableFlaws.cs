namespace ZeroTrust.Npgsql.Tests.Flaws;

/// <summary>Tables, views and policies.</summary>
internal static class TableFlaws
{
    private const string Read = "SELECT product FROM orders";

    internal static readonly Flaw[] All =
    [
        new("row security disabled", "npgsql.row_security_missing", "ALTER TABLE orders DISABLE ROW LEVEL SECURITY", Read, Proof.Reads),
        new("a table without a policy", "npgsql.row_security_missing", "CREATE TABLE journal AS SELECT * FROM orders; GRANT SELECT ON "
            + "journal TO $app", "SELECT product FROM journal", Proof.Reads),
        new("a table without a policy that PUBLIC reads", "npgsql.row_security_missing",
            "CREATE TABLE journal AS SELECT * FROM orders; GRANT SELECT ON journal TO PUBLIC", "SELECT product FROM journal", Proof.Reads),
        new("a table without a policy in another schema", "npgsql.row_security_missing",
            "CREATE SCHEMA billing; GRANT USAGE ON SCHEMA billing TO $app; CREATE TABLE billing.journal AS SELECT * FROM orders; GRANT "
                + "SELECT ON billing.journal TO $app",
            "SELECT product FROM billing.journal", Proof.Reads),
        new("one column of a table without a policy", "npgsql.row_security_missing",
            "CREATE TABLE journal AS SELECT * FROM orders; GRANT SELECT (product) ON journal TO $app", "SELECT product FROM journal",
                Proof.Reads),
        new("a partition by itself", "npgsql.row_security_missing",
            "CREATE TABLE parts (tenant_id text NOT NULL, product text) PARTITION BY LIST (tenant_id); CREATE TABLE parts_a PARTITION OF "
                + "parts FOR VALUES IN ('a'); "
            + "INSERT INTO parts VALUES ('a', 'anvil'); $enable(parts) GRANT SELECT ON parts, parts_a TO $app", "SELECT product FROM "
                + "parts_a", Proof.Reads),
        new("a tenant's table below a shared one", "npgsql.row_security_missing",
            "CREATE TABLE things (product text); CREATE TABLE own (tenant_id text) INHERITS (things); INSERT INTO own VALUES ('anvil', "
                + "'a'); $enable(own) GRANT SELECT ON things, own TO $app",
            "SELECT product FROM things", Proof.Reads) { Shared = ["public.things"] },
        new("a second permissive policy", "npgsql.policy_foreign", "CREATE POLICY open ON orders FOR SELECT USING (id < 2)", Read,
            Proof.Reads),
        new("a second permissive policy for a role it is a member of", "npgsql.policy_foreign",
            "CREATE ROLE $x; GRANT $x TO $app; CREATE POLICY open ON orders FOR SELECT TO $x USING (true)", Read, Proof.Reads),
        new("a policy that lets more through", "npgsql.policy_foreign", "ALTER POLICY zerotrust_tenant ON orders USING (tenant_id = "
            + "(SELECT zerotrust.tenant()) OR id = 1)", Read, Proof.Reads),
        new("a policy that does not check what is written", "npgsql.policy_foreign", "ALTER POLICY zerotrust_tenant ON orders WITH CHECK "
            + "(true)", "INSERT INTO orders VALUES ('a', 7, 'planted')", Proof.Changes),
        new("TRUNCATE", "npgsql.privilege_excessive", "GRANT TRUNCATE ON orders, lines TO $app", "TRUNCATE orders, lines", Proof.Changes),
        new("TRIGGER on a shared table", "npgsql.privilege_excessive",
            "GRANT TRIGGER, INSERT ON countries TO $app; CREATE FUNCTION copy() RETURNS trigger LANGUAGE plpgsql AS "
            + "$f$ BEGIN IF pg_trigger_depth() = 1 THEN INSERT INTO countries SELECT product FROM orders; END IF; RETURN new; END $f$",
            "CREATE TRIGGER loot AFTER INSERT ON countries FOR EACH ROW EXECUTE FUNCTION copy()\na> INSERT INTO countries VALUES "
                + "('Erewhon')\nSELECT name FROM countries", Proof.Reads),
        new("tables yet to be made", "npgsql.privilege_excessive", "ALTER DEFAULT PRIVILEGES FOR ROLE $owner GRANT SELECT ON TABLES TO "
            + "$app; CREATE TABLE journal AS SELECT * FROM orders; ALTER TABLE journal OWNER TO $owner",
            "owner> CREATE TABLE fresh AS TABLE journal\nSELECT product FROM fresh", Proof.Reads),
        new("a view of a superuser", "npgsql.view_unconfined", "CREATE VIEW leak AS SELECT * FROM orders; GRANT SELECT ON leak TO $app",
            "SELECT product FROM leak", Proof.Reads),
        new("a view of the role across tenants in another schema", "npgsql.view_unconfined",
            "CREATE SCHEMA views; GRANT USAGE ON SCHEMA views TO $app; CREATE VIEW views.leak AS SELECT * FROM orders; ALTER VIEW "
                + "views.leak OWNER TO $reports; GRANT SELECT ON views.leak TO $app",
            "SELECT product FROM views.leak", Proof.Reads),
        new("a confined view over an unconfined one that cannot be named", "npgsql.view_unconfined",
            "CREATE SCHEMA hidden; CREATE VIEW hidden.leak AS SELECT * FROM orders; CREATE VIEW top WITH (security_invoker = true) AS "
                + "SELECT * FROM hidden.leak; GRANT SELECT ON top, hidden.leak TO $app",
            "SELECT product FROM top", Proof.Reads),
        new("a materialized view", "npgsql.view_unconfined", "CREATE MATERIALIZED VIEW leak AS SELECT * FROM orders; GRANT SELECT ON "
            + "leak TO $app", "SELECT product FROM leak", Proof.Reads),
        new("a foreign table", "npgsql.view_unconfined",
            "CREATE EXTENSION postgres_fdw; CREATE SERVER self FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port "
                + "'$port', dbname '$db'); "
            + "CREATE USER MAPPING FOR PUBLIC SERVER self OPTIONS (user 'postgres', password_required 'false'); "
            + "CREATE FOREIGN TABLE far (product text) SERVER self OPTIONS (table_name 'orders'); GRANT SELECT ON far TO $app", "SELECT "
                + "product FROM far", Proof.Reads) { Extension = "postgres_fdw" },
    ];
}
