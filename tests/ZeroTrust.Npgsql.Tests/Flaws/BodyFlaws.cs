namespace ZeroTrust.Npgsql.Tests.Flaws;

/// <summary>Functions whose parsed bodies lead to relations that the role may not name.</summary>
internal static class BodyFlaws
{
    private const string Missing = "npgsql.row_security_missing";
    private const string Hidden = "CREATE SCHEMA hidden; CREATE TABLE hidden.t AS SELECT * FROM orders; GRANT SELECT, UPDATE ON "
        + "hidden.t TO "
        + "$app; ";

    private const string Body = "LANGUAGE sql RETURN (SELECT string_agg(product, ',') FROM hidden.t); ";

    private const string Insert = "INSERT INTO lines VALUES (9, 'b', 2, 'x')";

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
        new("a hidden body behind a cast", Missing, $"{Hidden} CREATE TYPE marker AS (x text); CREATE FUNCTION hidden.leak(marker) RETURNS "
            + $"text {Body} CREATE CAST (marker AS text) WITH FUNCTION hidden.leak(marker)", "SELECT CAST(CAST(ROW('') AS marker) AS text)",
            Proof.Reads),
        new("a hidden body behind the difference of a range", Missing, $"{Hidden} CREATE FUNCTION hidden.leak(int, int) RETURNS float8 "
            + $"IMMUTABLE {Of("float8")} CREATE TYPE span AS RANGE (SUBTYPE = int, SUBTYPE_DIFF = hidden.leak); ALTER TABLE lines ADD "
            + "COLUMN s "
            + "span; CREATE INDEX ON lines USING gist (s)", "INSERT INTO lines SELECT 100 + i, 'b', NULL, 'x', span(i, i + 1) FROM "
            + "generate_series(1, 500) i", Proof.Reads),
        new("a hidden body behind an operator class", Missing, $"{Hidden} CREATE TYPE pair AS (x int); CREATE FUNCTION "
            + "hidden.leak(pair, pair) "
            + $"RETURNS int {Of("int")} CREATE OPERATOR CLASS pairs DEFAULT FOR TYPE pair USING btree AS FUNCTION 1 hidden.leak(pair, "
            + "pair)",
            "SELECT greatest(row(1)::pair, row(2)::pair)::text", Proof.Reads),
        new("a hidden body behind a domain", Missing, $"{Hidden} CREATE FUNCTION hidden.leak(int) RETURNS boolean {Of("boolean")} CREATE "
            + "DOMAIN number AS int CHECK (hidden.leak(VALUE))", "SELECT 1::number::text", Proof.Reads),
        new("a hidden body behind a constraint", Missing, $"{Hidden} CREATE FUNCTION hidden.leak(int) RETURNS boolean {Of("boolean")} "
            + "ALTER "
            + "TABLE lines ADD CHECK (hidden.leak(id)) NOT VALID", Insert, Proof.Reads),
        new("a hidden body behind an index", Missing, $"{Hidden} CREATE FUNCTION hidden.leak(int) RETURNS int IMMUTABLE {Of("int")} CREATE "
            + "INDEX ON lines ((CASE WHEN id > 8 THEN hidden.leak(id) END))", Insert, Proof.Reads),
        new("a hidden body behind the condition of a trigger", Missing, $"{Hidden} CREATE FUNCTION hidden.leak(int) RETURNS boolean "
            + $"{Of("boolean")} CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN new; END $f$; CREATE "
            + "TRIGGER stamp "
            + "BEFORE INSERT ON lines FOR EACH ROW WHEN (hidden.leak(new.id)) EXECUTE FUNCTION stamp()", Insert, Proof.Reads),
        new("a hidden body behind a policy", Missing, $"{Hidden} CREATE FUNCTION hidden.leak() RETURNS boolean {Of("boolean")} CREATE "
            + "POLICY "
            + "narrower ON orders AS RESTRICTIVE USING (hidden.leak())", "SELECT product FROM orders WHERE id = 2", Proof.Reads),
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

    // What it reads stands in the error that it is no such value.
    private static string Of(string type) => $"LANGUAGE sql RETURN (SELECT string_agg(product, ',') FROM hidden.t)::{type}; ";
}
