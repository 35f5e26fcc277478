namespace ZeroTrust.Npgsql.Tests.Flaws;

/// <summary>Functions whose parsed bodies lead to relations that the role may not name.</summary>
internal static class BodyFlaws
{
    private const string Missing = "npgsql.row_security_missing";
    private const string Hidden = "CREATE SCHEMA hidden; CREATE TABLE hidden.t AS SELECT * FROM orders; GRANT SELECT, UPDATE ON "
        + "hidden.t TO "
        + "$app; ";

    private const string Body = "LANGUAGE sql RETURN (SELECT string_agg(product, ',') FROM hidden.t); ";

    internal static readonly Flaw[] All =
    [
        new("a body that reads a hidden table", Missing, $"{Hidden} CREATE FUNCTION leak() RETURNS text {Body}", "SELECT leak()",
            Proof.Reads),
        new("a body that reads a hidden table with a policy for all", "npgsql.policy_foreign", $"{Hidden} $enable(hidden.t) CREATE POLICY "
            + $"open ON hidden.t USING (true); CREATE FUNCTION leak() RETURNS text {Body}", "SELECT leak()", Proof.Reads),
        new("a body that reads a hidden view", "npgsql.view_unconfined", "CREATE SCHEMA hidden; CREATE VIEW hidden.t AS SELECT * FROM "
            + $"orders; GRANT SELECT ON hidden.t TO $app; CREATE FUNCTION leak() RETURNS text {Body}", "SELECT leak()", Proof.Reads),
        new("a body that reads a hidden child", Missing, "CREATE SCHEMA hidden; CREATE TABLE hidden.t () INHERITS (orders); INSERT INTO "
            + $"hidden.t VALUES ('a', 9, 'anvil'); GRANT SELECT ON hidden.t TO $app; CREATE FUNCTION leak() RETURNS text {Body}",
            "SELECT leak()", Proof.Reads),
        new("a body that writes a hidden table", Missing, $"{Hidden} DO $d$ BEGIN EXECUTE 'CREATE FUNCTION leak() RETURNS text LANGUAGE "
            + "sql "
            + "BEGIN ATOMIC UPDATE hidden.t SET id = id RETURNING product; END'; END $d$", "SELECT leak()", Proof.Reads),
        new("a procedure with a body", Missing, $"{Hidden} DO $d$ BEGIN EXECUTE 'CREATE PROCEDURE leak(OUT loot text) LANGUAGE sql BEGIN "
            + "ATOMIC SELECT string_agg(product, '','') FROM hidden.t; END'; END $d$", "CALL leak(NULL)", Proof.Reads),
        new("a body that calls a hidden body", Missing, $"{Hidden} CREATE FUNCTION hidden.leak() RETURNS text {Body} CREATE FUNCTION "
            + "leak() "
            + "RETURNS text LANGUAGE sql RETURN hidden.leak()", "SELECT leak()", Proof.Reads),
        new("a hidden body behind an operator", Missing, $"{Hidden} CREATE FUNCTION hidden.leak(int, int) RETURNS text {Body} CREATE "
            + "OPERATOR "
            + "!!! (FUNCTION = hidden.leak, LEFTARG = int, RIGHTARG = int)", "SELECT 1 !!! 1", Proof.Reads),
        new("a hidden body behind an aggregate", Missing, $"{Hidden} CREATE FUNCTION hidden.leak(text, text) RETURNS text {Body} REVOKE "
            + "EXECUTE ON FUNCTION hidden.leak FROM PUBLIC; CREATE AGGREGATE leaks(text) (SFUNC = hidden.leak, STYPE = text, INITCOND = "
            + "'')",
            "SELECT leaks('')", Proof.Reads),
        new("a hidden body behind the default of an argument", Missing, $"{Hidden} CREATE FUNCTION hidden.leak() RETURNS text {Body} "
            + "CREATE "
            + "FUNCTION leak(x text DEFAULT hidden.leak()) RETURNS text LANGUAGE sql AS 'SELECT x'", "SELECT leak()", Proof.Reads),
        new("a hidden body behind the default of a column", Missing, $"{Hidden} CREATE FUNCTION hidden.leak() RETURNS text {Body} ALTER "
            + "TABLE "
            + "lines ALTER text SET DEFAULT hidden.leak()", "INSERT INTO lines (id, tenant_id, order_id) VALUES (9, 'b', 2) RETURNING text",
            Proof.Reads),
        new("a hidden body behind a confined view", Missing, $"{Hidden} CREATE FUNCTION hidden.leak() RETURNS text {Body} CREATE VIEW top "
            + "WITH (security_invoker = true) AS SELECT hidden.leak() AS product; GRANT SELECT ON top TO $app", "SELECT product FROM top",
            Proof.Reads),
        new("a body that reads long values", "npgsql.privilege_excessive", "CREATE TABLE big (tenant_id text NOT NULL, x text); ALTER "
            + "TABLE "
            + "big ALTER x SET STORAGE EXTERNAL; INSERT INTO big VALUES ('a', repeat('anvil', 1000)); DO $d$ DECLARE t text; BEGIN SELECT "
            + "reltoastrelid::regclass::text INTO t FROM pg_class WHERE relname = 'big'; EXECUTE 'GRANT SELECT ON ' || t || ' TO $app'; "
            + "EXECUTE 'CREATE FUNCTION leak() RETURNS text LANGUAGE sql RETURN (SELECT convert_from(chunk_data, ''UTF8'') FROM ' || t || "
            + "' LIMIT 1)'; END $d$", "SELECT leak()", Proof.Reads),
        new("a function that names the tenant", "npgsql.function_privileged", "CREATE OR REPLACE FUNCTION zerotrust.tenant() RETURNS text "
            + "LANGUAGE sql STABLE AS $f$ SELECT current_setting('zerotrust.tenant', true) $f$; CREATE FUNCTION leak() RETURNS text "
            + "LANGUAGE "
            + "sql SET \"zerotrust.tenant\" = 'a' AS $f$ SELECT string_agg(product, ',') FROM orders $f$", "SELECT leak()", Proof.Reads),
        new("a trigger that names the tenant", "npgsql.function_privileged", "CREATE OR REPLACE FUNCTION zerotrust.tenant() RETURNS text "
            + "LANGUAGE sql STABLE AS $f$ SELECT current_setting('zerotrust.tenant', true) $f$; CREATE FUNCTION leak() RETURNS trigger "
            + "LANGUAGE "
            + "plpgsql SET \"ZeroTrust.Tenant\" = 'a' AS $f$ BEGIN UPDATE orders SET product = upper(product); RETURN new; END $f$; REVOKE "
            + "EXECUTE ON FUNCTION leak FROM PUBLIC; GRANT INSERT ON countries TO $app; CREATE TRIGGER leak BEFORE INSERT ON "
            + "countries FOR EACH ROW EXECUTE FUNCTION leak()", "INSERT INTO countries VALUES ('Erewhon')", Proof.Changes),
    ];
}
