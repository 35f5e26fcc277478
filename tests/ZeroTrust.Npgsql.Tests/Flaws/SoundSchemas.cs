namespace ZeroTrust.Npgsql.Tests.Flaws;

/// <summary>What schemas have beside what the statements make, and no tenant gets round by.</summary>
internal static class SoundSchemas
{
    internal static readonly Flaw[] All =
    [
        Sound("a table out of reach", "CREATE TABLE journal AS SELECT * FROM orders"),
        Sound("a table in a schema that may not be used", "CREATE SCHEMA hidden; CREATE TABLE hidden.journal AS SELECT * FROM orders; "
            + "GRANT SELECT ON hidden.journal TO $app"),
        Sound("a restrictive policy", "CREATE POLICY narrower ON orders AS RESTRICTIVE USING (id < 100)"),
        Sound("the policy of another role", "CREATE ROLE $x; CREATE POLICY open ON orders TO $x USING (true)"),
        Sound("a unique index within the tenant", "CREATE UNIQUE INDEX ON orders (tenant_id, lower(product)) WHERE id > 0"),
        Sound("an index across tenants that is not unique", "CREATE INDEX ON orders (product) INCLUDE (tenant_id)"),
        Sound("an exclusion within the tenant", "CREATE EXTENSION btree_gist; ALTER TABLE orders ADD EXCLUDE USING gist (tenant_id WITH "
            + "=, product WITH =)", "btree_gist"),
        Sound("a foreign key within the tenant that cascades",
            "CREATE TABLE notes (tenant_id text NOT NULL, id int, order_id int, PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, "
                + "order_id) REFERENCES orders ON DELETE CASCADE); "
            + "$enable(notes) GRANT SELECT, INSERT, UPDATE, DELETE ON notes TO $app"),
        Sound("a foreign key to a shared table that is only read",
            "CREATE TABLE kinds (id int PRIMARY KEY); ALTER TABLE orders ADD COLUMN kind int REFERENCES kinds ON DELETE CASCADE ON "
                + "UPDATE CASCADE; GRANT SELECT ON kinds TO $app", null, "public.kinds"),
        Sound("a foreign key to a shared table that is written, without an action",
            "CREATE TABLE kinds (id int PRIMARY KEY); ALTER TABLE orders ADD COLUMN kind int REFERENCES kinds; GRANT SELECT, INSERT, "
                + "UPDATE, DELETE ON kinds TO $app", null, "public.kinds"),
        Sound("a default that leaves the tenant",
            "ALTER TABLE orders ADD COLUMN parent int; ALTER TABLE orders ADD FOREIGN KEY (tenant_id, parent) REFERENCES orders ON "
                + "DELETE SET DEFAULT (parent)"),
        Sound("partitions behind their table",
            "CREATE TABLE parts (tenant_id text NOT NULL, id int, PRIMARY KEY (tenant_id, id)) PARTITION BY LIST (tenant_id); CREATE "
                + "TABLE parts_a PARTITION OF parts FOR VALUES IN ('a'); "
            + "$enable(parts) GRANT SELECT, INSERT ON parts TO $app"),
        Sound("a shared table with partitions",
            "CREATE TABLE days (day date) PARTITION BY RANGE (day); CREATE TABLE days_all PARTITION OF days DEFAULT; GRANT SELECT ON "
                + "days TO $app", null, "public.days"),
        Sound("a confined view over a confined view", "CREATE VIEW lower WITH (security_invoker = true) AS SELECT * FROM orders; CREATE "
            + "VIEW upper WITH (security_invoker = on) AS SELECT * FROM lower; GRANT SELECT ON lower, upper TO $app"),
        Sound("a materialized view out of reach", "CREATE MATERIALIZED VIEW report AS SELECT * FROM orders"),
        Sound("a function of the caller's rights", "CREATE FUNCTION harmless() RETURNS bigint LANGUAGE sql AS $f$ SELECT count(*) FROM "
            + "orders $f$"),
        Sound("a privileged function that may not be run",
            "CREATE FUNCTION inner_leak() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $f$ SELECT count(*) FROM orders $f$; REVOKE "
                + "EXECUTE ON FUNCTION inner_leak() FROM PUBLIC"),
        Sound("a privileged function that is named as shared",
            "CREATE FUNCTION names() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $f$ SELECT "
                + "count(*) FROM countries $f$", null, "public.names"),
        Sound("a trigger of the caller's rights",
            "CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN new; END $f$; CREATE TRIGGER stamp BEFORE "
                + "UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION stamp()"),
        Sound("a privileged trigger of a table that is not written",
            "CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $f$ BEGIN RETURN new; END $f$; CREATE TRIGGER "
                + "stamp BEFORE UPDATE ON countries FOR EACH ROW EXECUTE FUNCTION stamp()"),
        Sound("a trigger of the caller's rights after the action of a foreign key",
            "CREATE TABLE notes (tenant_id text NOT NULL, order_id int, FOREIGN KEY (tenant_id, order_id) REFERENCES orders ON DELETE "
                + "CASCADE); $enable(notes) GRANT SELECT, INSERT ON notes TO $app; "
            + "CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN new; END $f$; CREATE TRIGGER stamp AFTER "
                + "DELETE ON notes FOR EACH ROW EXECUTE FUNCTION stamp(); "
            + "CREATE TRIGGER before_other BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION stamp()"),
        Sound("an aggregate of the caller's rights",
            "CREATE FUNCTION longer(text, text) RETURNS text LANGUAGE sql AS $f$ SELECT greatest($1, $2) $f$; "
            + "CREATE AGGREGATE longest(text) (SFUNC = longer, STYPE = text)"),
        Sound("a sequence", "CREATE SEQUENCE numbers; GRANT USAGE ON SEQUENCE numbers TO $app"),
        Sound("another schema with a policy",
            "CREATE SCHEMA billing; GRANT USAGE ON SCHEMA billing TO $app; CREATE TABLE billing.bills (tenant_id varchar(64) NOT NULL, "
                + "id int, PRIMARY KEY (tenant_id, id)); "
            + "ALTER TABLE billing.bills ENABLE ROW LEVEL SECURITY; ALTER TABLE billing.bills FORCE ROW LEVEL SECURITY; "
            + "CREATE POLICY zerotrust_tenant ON billing.bills USING (tenant_id = (SELECT zerotrust.tenant())) WITH CHECK (tenant_id = "
                + "(SELECT zerotrust.tenant())); GRANT SELECT ON billing.bills TO $app"),
        Sound("extensions that compute", "CREATE EXTENSION pgcrypto; CREATE EXTENSION citext; CREATE EXTENSION pg_trgm", "pgcrypto"),
        Sound("membership of a role without rights of its own", "CREATE ROLE $x; GRANT $x TO $app; GRANT SELECT ON orders TO $x"),
        Sound("a range type", "CREATE TYPE price_range AS RANGE (SUBTYPE = numeric)"),
        Sound("a function that is given no row before the policy", "CREATE FUNCTION norm(text) RETURNS boolean LANGUAGE plpgsql COST "
            + "0.0001 AS $f$ BEGIN RAISE EXCEPTION '%', $1; END $f$"),
        Sound("a leakproof function that may not be run", "CREATE FUNCTION norm(text) RETURNS boolean LANGUAGE sql LEAKPROOF AS $f$ SELECT "
            + "true $f$; REVOKE EXECUTE ON FUNCTION norm FROM PUBLIC"),
        Sound("a leakproof function that is named as shared", "CREATE FUNCTION norm(text) RETURNS boolean LANGUAGE sql LEAKPROOF AS $f$ "
            + "SELECT true $f$", null, "public.norm"),
        Sound("an operator class of the caller's rights", "CREATE TYPE pair AS (x int); CREATE FUNCTION compare(pair, pair) RETURNS int "
            + "LANGUAGE sql AS $f$ SELECT 0 $f$; CREATE OPERATOR CLASS pairs DEFAULT FOR TYPE pair USING btree AS FUNCTION 1 "
            + "compare(pair, pair)"),
        Sound("a confined view in a schema of the system", "CREATE VIEW information_schema.w WITH (security_invoker = true) AS SELECT * "
            + "FROM public.orders; GRANT SELECT ON information_schema.w TO $app"),
        Sound("a right to a system table that PostgreSQL gives everybody", "GRANT SELECT ON pg_class, pg_stats TO $app"),
        Sound("long values that the role may not use", "GRANT USAGE ON SCHEMA pg_toast TO $app; ALTER TABLE orders ADD COLUMN note text"),
        Sound("a table whose rows are denied to all", "CREATE TABLE journal AS SELECT * FROM orders; ALTER TABLE journal ENABLE ROW LEVEL "
            + "SECURITY; ALTER TABLE journal FORCE ROW LEVEL SECURITY; GRANT SELECT, INSERT ON journal TO $app"),
        Sound("a table whose rows are denied to this role", "CREATE TABLE journal AS SELECT * FROM orders; ALTER TABLE journal ENABLE ROW "
            + "LEVEL SECURITY; ALTER TABLE journal FORCE ROW LEVEL SECURITY; CREATE POLICY theirs ON journal TO $reports USING (true); "
            + "GRANT SELECT ON journal TO $app"),
        Sound("a large object of somebody else", "SELECT lo_from_bytea($number, 'x')::text"),
        Sound("temporary tables without a pooler", "GRANT TEMPORARY ON DATABASE $db TO $app"),
        Sound("restrictive policies that compare columns", "ALTER TABLE orders ADD COLUMN region text, ADD COLUMN deleted boolean, ADD "
            + "COLUMN "
            + "price numeric, ADD COLUMN until timestamptz; CREATE POLICY narrower ON orders AS RESTRICTIVE USING (NOT deleted AND "
            + "region = "
            + "current_setting('app.region') AND price < 100 AND until > now() AND region IN ('x', 'y') AND (region <> ALL (ARRAY['z']) OR "
            + "coalesce(deleted, CASE WHEN price IS NULL THEN true ELSE false END)))"),
        Sound("a restrictive policy without a value", "CREATE FUNCTION may() RETURNS boolean LANGUAGE plpgsql AS $f$ BEGIN RETURN true; "
            + "END "
            + "$f$; CREATE POLICY narrower ON orders AS RESTRICTIVE USING (may() AND current_setting('app.region', true) LIKE 'x%' AND "
            + "(SELECT "
            + "may()))"),
        Sound("a restrictive policy on what is written", "CREATE POLICY narrower ON orders AS RESTRICTIVE FOR INSERT WITH CHECK "
            + "(length(product) < 100 AND product ~ 'x')"),
        Sound("a restrictive policy for another role", "CREATE ROLE $x; CREATE POLICY narrower ON orders AS RESTRICTIVE TO $x USING "
            + "(length(product) < 100)"),
        Sound("a view that calls a function", "CREATE FUNCTION says(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $f$ BEGIN RAISE "
            + "EXCEPTION '%', $1; END $f$; CREATE VIEW v WITH (security_invoker = true, security_barrier = true) AS SELECT * FROM "
            + "orders WHERE "
            + "says(product); GRANT SELECT ON v TO $app"),
        Sound("a string body that names a table out of reach", "CREATE SCHEMA hidden; CREATE TABLE hidden.t AS SELECT * FROM orders; GRANT "
            + "SELECT ON hidden.t TO $app; CREATE FUNCTION leak() RETURNS text LANGUAGE sql AS $f$ SELECT string_agg(product, ',') FROM "
            + "hidden.t $f$"),
        Sound("a parsed body that may not be run", "CREATE SCHEMA hidden; CREATE TABLE hidden.t AS SELECT * FROM orders; GRANT SELECT ON "
            + "hidden.t TO $app; CREATE FUNCTION leak() RETURNS text LANGUAGE sql RETURN (SELECT string_agg(product, ',') FROM hidden.t); "
            + "REVOKE EXECUTE ON FUNCTION leak FROM PUBLIC; CREATE FUNCTION outer_leak() RETURNS text LANGUAGE sql RETURN leak()"),
        Sound("a parsed body in a schema that may not be used", "CREATE SCHEMA hidden; CREATE TABLE hidden.t AS SELECT * FROM orders; "
            + "GRANT "
            + "SELECT ON hidden.t TO $app; CREATE FUNCTION hidden.leak() RETURNS text LANGUAGE sql RETURN (SELECT string_agg(product, "
            + "',') FROM hidden.t)"),
        Sound("a parsed body over the tenant's tables", "DO $d$ BEGIN EXECUTE 'CREATE FUNCTION mine() RETURNS SETOF orders LANGUAGE sql "
            + "BEGIN ATOMIC SELECT * FROM orders; END'; END $d$"),
        Sound("a parsed body over a table without rights", "CREATE SCHEMA hidden; CREATE TABLE hidden.t AS SELECT * FROM orders; CREATE "
            + "FUNCTION leak() RETURNS text LANGUAGE sql RETURN (SELECT string_agg(product, ',') FROM hidden.t)"),
        Sound("functions of PostgreSQL where foreign keys act", "CREATE DOMAIN number AS int CHECK (VALUE > 0); CREATE TABLE notes "
            + "(tenant_id "
            + "text NOT NULL, order_id number DEFAULT length(''), text text CHECK (length(text) < 100), up text GENERATED ALWAYS AS "
            + "(upper(text)) STORED, FOREIGN KEY (tenant_id, order_id) REFERENCES orders ON UPDATE CASCADE ON DELETE SET NULL (order_id)); "
            + "CREATE INDEX ON notes (lower(text)) WHERE length(text) > 1; $enable(notes) GRANT SELECT, INSERT, UPDATE, DELETE ON notes TO "
            + "$app"),
        Sound("a constraint with a function where no foreign key acts", "CREATE FUNCTION fits(text) RETURNS boolean LANGUAGE sql "
            + "IMMUTABLE AS "
            + "$f$ SELECT length($1) < 100 $f$; CREATE DOMAIN note AS text CHECK (fits(VALUE)); ALTER TABLE lines ADD CHECK "
            + "(fits(text)), ADD "
            + "COLUMN note note; CREATE INDEX ON lines (fits(text))"),
        Sound("a constraint with a function that is named as shared", "CREATE FUNCTION fits(int) RETURNS boolean LANGUAGE sql IMMUTABLE "
            + "AS $f$ "
            + "SELECT $1 < 100 $f$; CREATE TABLE notes (tenant_id text NOT NULL, order_id int CHECK (fits(order_id)), FOREIGN KEY "
            + "(tenant_id, "
            + "order_id) REFERENCES orders ON UPDATE CASCADE); $enable(notes) GRANT SELECT, INSERT ON notes TO $app", null, "public.fits"),
        Sound("a key of an extension's type", "CREATE EXTENSION citext; CREATE TABLE people (tenant_id text NOT NULL, mail citext, "
            + "PRIMARY KEY "
            + "(tenant_id, mail)); CREATE TABLE mails (tenant_id text NOT NULL, mail citext, FOREIGN KEY (tenant_id, mail) REFERENCES "
            + "people ON "
            + "UPDATE CASCADE); $enable(people) $enable(mails) GRANT SELECT, INSERT, UPDATE, DELETE ON people, mails TO $app", "citext"),
        Sound("unique indexes of other classes and collations", "CREATE UNIQUE INDEX ON orders (tenant_id COLLATE \"C\", product); "
            + "CREATE UNIQUE "
            + "INDEX ON lines (tenant_id varchar_pattern_ops, id)"),
        Sound("a trusted language that may not be used", "UPDATE pg_language SET lanpltrusted = true WHERE lanname = 'internal'; REVOKE "
            + "USAGE "
            + "ON LANGUAGE internal FROM PUBLIC; GRANT TEMPORARY ON DATABASE $db TO $app"),
        Sound("a language of an extension", "CREATE EXTENSION plperl; GRANT TEMPORARY ON DATABASE $db TO $app", "plperl"),
        Sound("a trusted language in which nothing can be made", "CREATE TRUSTED LANGUAGE own HANDLER plpgsql_call_handler"),
        Sound("a type of the application where no foreign key acts", "CREATE TYPE pair AS (x text); CREATE FUNCTION compare(pair, pair) "
            + "RETURNS int LANGUAGE sql IMMUTABLE AS $f$ SELECT bttextcmp(($1).x, ($2).x) $f$; CREATE OPERATOR CLASS pairs DEFAULT FOR "
            + "TYPE "
            + "pair USING btree AS FUNCTION 1 compare(pair, pair); ALTER TABLE lines ADD COLUMN p pair[], ADD CHECK (p IS NOT NULL OR "
            + "text <> "
            + "''); CREATE INDEX ON lines (p)"),
        Sound("types of PostgreSQL where foreign keys act", "CREATE TABLE notes (tenant_id text NOT NULL, order_id int, at int4range, tags "
            + "text[], FOREIGN KEY (tenant_id, order_id) REFERENCES orders ON UPDATE CASCADE, CHECK (at * at IS NOT NULL AND tags = "
            + "tags)); "
            + "CREATE INDEX ON notes USING gist (at); $enable(notes) GRANT SELECT, INSERT, UPDATE ON notes TO $app"),
        Sound("restrictive policies that compare two types", "ALTER TABLE orders ADD COLUMN until date, ADD COLUMN small smallint; CREATE "
            + "POLICY narrower ON orders AS RESTRICTIVE USING (until < now() AND small < 5)"),
        Sound("a restrictive policy with a brace in a name", "CREATE FUNCTION may() RETURNS boolean LANGUAGE plpgsql AS $f$ BEGIN RETURN "
            + "true; END $f$; CREATE POLICY narrower ON orders AS RESTRICTIVE USING ((SELECT may() AS \"{\"))"),
        Sound("a function with another setting", "CREATE FUNCTION timely() RETURNS int LANGUAGE sql SET statement_timeout = '1s' SET "
            + "\"zerotrust.other\" = 'a' AS $f$ SELECT 1 $f$"),
    ];

    private static Flaw Sound(string name, string setup, string? extension = null, params string[] shared) =>
        new(name, string.Empty, setup, string.Empty, Proof.Reads) { Extension = extension, Shared = shared };
}
