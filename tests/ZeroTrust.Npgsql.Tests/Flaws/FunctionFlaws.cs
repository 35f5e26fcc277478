namespace ZeroTrust.Npgsql.Tests.Flaws;

/// <summary>Functions, triggers and rules that act with other rights.</summary>
internal static class FunctionFlaws
{
    private const string Body = "LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $f$ SELECT string_agg(product, ',') "
        + "FROM orders $f$";

    internal static readonly Flaw[] All =
    [
        new("a function of a superuser", "npgsql.function_privileged", $"CREATE FUNCTION leak() RETURNS text {Body}", "SELECT leak()",
            Proof.Reads),
        new("a function of the role across tenants", "npgsql.function_privileged", $"CREATE FUNCTION leak() RETURNS text {Body}; ALTER "
            + "FUNCTION leak() OWNER TO $reports", "SELECT leak()", Proof.Reads),
        new("a function in another schema", "npgsql.function_privileged",
            $"CREATE SCHEMA tools; GRANT USAGE ON SCHEMA tools TO $app; CREATE FUNCTION tools.leak() RETURNS text {Body}", "SELECT "
                + "tools.leak()", Proof.Reads),
        new("a procedure", "npgsql.function_privileged",
            "CREATE PROCEDURE leak(INOUT loot text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $f$ BEGIN "
                + "SELECT string_agg(product, ',') INTO loot FROM orders; END $f$",
            "CALL leak('')", Proof.Reads),
        new("another function of a name that is shared", "npgsql.function_privileged",
            $"CREATE FUNCTION leak(harmless int) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $f$ "
                + $"SELECT '' $f$; CREATE FUNCTION leak() RETURNS text {Body}",
            "SELECT leak()", Proof.Reads) { Shared = ["public.leak", "public.leak(harmless integer)"] },
        new("a shared function that finds what the caller's path has", "npgsql.function_privileged",
            "GRANT TEMPORARY ON DATABASE $db TO $app; CREATE FUNCTION names() RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $f$ "
                + "BEGIN RETURN (SELECT string_agg(name, ',') FROM countries); END $f$",
            "CREATE FUNCTION pg_temp.loot() RETURNS text LANGUAGE sql AS $f$ SELECT string_agg(product, ',') FROM public.orders "
                + "$f$\nCREATE TEMPORARY VIEW countries AS SELECT pg_temp.loot() AS name\n"
            + "SET search_path = pg_temp, public; SELECT names()", Proof.Reads) { Shared = ["public.names"] },
        new("a function behind an operator", "npgsql.function_privileged",
            "CREATE SCHEMA hidden; CREATE FUNCTION hidden.leak(int, int) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = "
                + "public, pg_temp AS $f$ SELECT string_agg(product, ',') FROM orders $f$; "
            + "CREATE OPERATOR !!! (FUNCTION = hidden.leak, LEFTARG = int, RIGHTARG = int)", "SELECT 1 !!! 1", Proof.Reads),
        new("a function behind a cast", "npgsql.function_privileged",
            "CREATE SCHEMA hidden; CREATE TYPE marker AS (x text); CREATE FUNCTION hidden.leak(marker) RETURNS text LANGUAGE sql "
                + "SECURITY DEFINER SET search_path = public, pg_temp AS "
            + "$f$ SELECT string_agg(product, ',') FROM orders $f$; CREATE CAST (marker AS text) WITH FUNCTION hidden.leak(marker)",
                "SELECT CAST(CAST(ROW('') AS marker) AS text)", Proof.Reads),
        new("a function behind an aggregate", "npgsql.function_privileged",
            "CREATE SCHEMA hidden; CREATE FUNCTION hidden.leak(text, text) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = "
                + "public, pg_temp AS "
            + "$f$ SELECT string_agg(product, ',') FROM orders $f$; REVOKE EXECUTE ON FUNCTION hidden.leak FROM PUBLIC; CREATE AGGREGATE "
                + "leaks(text) (SFUNC = hidden.leak, STYPE = text, INITCOND = '')", "SELECT leaks('')", Proof.Reads),
        new("a function behind a default", "npgsql.function_privileged",
            $"CREATE SCHEMA hidden; CREATE FUNCTION hidden.leak() RETURNS text {Body}; ALTER TABLE lines ALTER text SET DEFAULT "
                + "hidden.leak()",
            "INSERT INTO lines (id, tenant_id, order_id) VALUES (9, 'b', 2) RETURNING text", Proof.Reads),
        new("a trigger", "npgsql.trigger_privileged",
            "CREATE SCHEMA hidden; CREATE FUNCTION hidden.touch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = "
                + "public, pg_temp AS "
            + "$f$ BEGIN UPDATE orders SET product = upper(product); RETURN new; END $f$; CREATE TRIGGER touch AFTER INSERT ON lines FOR "
                + "EACH ROW EXECUTE FUNCTION hidden.touch()",
            "INSERT INTO lines VALUES (9, 'b', 2, 'x')", Proof.Changes),
        new("a trigger of a partition", "npgsql.trigger_privileged",
            "CREATE TABLE parts (tenant_id text NOT NULL, product text) PARTITION BY LIST (tenant_id); CREATE TABLE parts_all PARTITION "
                + "OF parts DEFAULT; "
            + "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $f$ BEGIN "
                + "UPDATE orders SET product = upper(product); RETURN new; END $f$; "
            + "CREATE TRIGGER touch AFTER INSERT ON parts_all FOR EACH ROW EXECUTE FUNCTION touch(); $enable(parts) GRANT SELECT, INSERT "
                + "ON parts TO $app", "INSERT INTO parts VALUES ('b', 'x')", Proof.Changes),
        new("a trigger that the action of a foreign key sets off", "npgsql.trigger_privileged",
            "CREATE TABLE notes (tenant_id text NOT NULL, order_id int, FOREIGN KEY (tenant_id, order_id) REFERENCES orders ON DELETE "
                + "CASCADE); $enable(notes) GRANT SELECT, INSERT ON notes TO $app; "
            + "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN UPDATE orders SET product = upper(product); RETURN "
                + "old; END $f$; "
            + "CREATE TRIGGER touch BEFORE DELETE ON notes FOR EACH ROW EXECUTE FUNCTION touch()",
            "INSERT INTO orders VALUES ('b', 30, 'x')\nINSERT INTO notes VALUES ('b', 30)\nDELETE FROM orders WHERE id = 30",
                Proof.Changes),
        new("a rule", "npgsql.trigger_privileged",
            "CREATE TABLE inbox (text text); GRANT INSERT ON inbox TO $app; CREATE RULE touch AS ON INSERT TO inbox DO ALSO UPDATE "
                + "orders SET product = upper(product)",
            "INSERT INTO inbox VALUES ('x')", Proof.Changes) { Shared = ["public.inbox"] },
    ];
}
