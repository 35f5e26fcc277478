namespace ZeroTrust.Npgsql.Tests.Sessions;

/// <summary>
/// What SQL of one tenant tries to leave in a session for the next. Some of it is refused by the database; all of it is tried.
/// </summary>
internal static class HostileSql
{
    /// <summary>
    /// A schema and a role that the statements use, run by the owner: flaws that the audit finds, so that more can be tried.
    /// </summary>
    internal static string Prepare(string app, string other) =>
        $"""
        CREATE SCHEMA plant;
        GRANT ALL ON SCHEMA plant TO {app};
        CREATE TABLE plant.orders (tenant_id text, id int, product text);
        INSERT INTO plant.orders VALUES ('a', 666, 'PLANTED');
        CREATE TABLE plant.lines (id int, tenant_id varchar(128), order_id int, text text);
        INSERT INTO plant.lines VALUES (666, 'a', 666, 'PLANTED');
        GRANT ALL ON plant.orders, plant.lines TO {app};
        CREATE FUNCTION plant.set_config(text, text, boolean) RETURNS text LANGUAGE sql AS $$ SELECT pg_catalog.set_config($1, 'b', $3) $$;
        CREATE FUNCTION plant.current_setting(text) RETURNS text LANGUAGE sql AS $$ SELECT 'plant'::text $$;
        CREATE FUNCTION plant.upper(text) RETURNS text LANGUAGE sql AS $$ SELECT 'PLANTED'::text $$;
        CREATE FUNCTION plant.equal(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
        CREATE OPERATOR plant.= (LEFTARG = text, RIGHTARG = text, FUNCTION = plant.equal);
        CREATE SEQUENCE order_ids;
        GRANT USAGE, UPDATE ON SEQUENCE order_ids TO {app};
        GRANT {other} TO {app};
        """;

    internal static IReadOnlyList<string> Statements(string other) =>
    [
        // Temporary objects, found before others of their name.
        "CREATE TEMP TABLE orders (tenant_id text, id int, product text); INSERT INTO pg_temp.orders VALUES ('a', 666, 'PLANTED')",
        "CREATE TEMP TABLE orders ON COMMIT PRESERVE ROWS AS SELECT 'a'::text AS tenant_id, 666 AS id, 'PLANTED'::text AS product",
        "CREATE TEMP TABLE lines (id int, tenant_id varchar(128), order_id int, text text); INSERT INTO pg_temp.lines VALUES (666, 'a', "
            + "666, 'PLANTED')",
        "CREATE TEMP VIEW orders AS SELECT 'a'::text AS tenant_id, 666 AS id, 'PLANTED'::text AS product",
        "CREATE TEMP VIEW products AS SELECT 'a'::text AS tenant_id, 'PLANTED'::text AS product",
        "CREATE TEMP TABLE tenant_keys (id text, inner_block bytea, outer_block bytea)",
        "CREATE TEMP TABLE pg_class (oid oid); CREATE TEMP TABLE pg_settings (name text)",
        "CREATE TEMP SEQUENCE order_ids START 666",
        "CREATE FUNCTION pg_temp.upper(text) RETURNS text LANGUAGE sql AS $$ SELECT 'PLANTED'::text $$",
        "CREATE FUNCTION pg_temp.set_config(text, text, boolean) RETURNS text LANGUAGE sql AS $$ SELECT pg_catalog.set_config($1, 'b', $3) "
            + "$$",
        "CREATE TYPE pg_temp.text AS ENUM ('PLANTED')",
        "CREATE DOMAIN pg_temp.int4 AS pg_catalog.int8 CHECK (VALUE > 666)",
        "CREATE TEMP TABLE orders (LIKE public.orders); CREATE RULE planted AS ON INSERT TO pg_temp.orders DO INSTEAD NOTHING",
        "CREATE OPERATOR pg_temp.= (LEFTARG = text, RIGHTARG = text, FUNCTION = plant.equal)",

        // Where names are looked up.
        "SET search_path = plant, public",
        "SET search_path = plant, pg_catalog, public",
        "SET search_path = pg_temp, public",
        "SET search_path = ''",
        "SET search_path = \"$user\", plant",
        "SELECT set_config('search_path', 'plant, pg_temp, public', false)",
        "SET LOCAL search_path = plant",

        // Who runs it.
        $"SET ROLE {other}",
        $"SET LOCAL ROLE {other}",
        $"SELECT set_config('role', '{other}', false)",
        $"SET SESSION AUTHORIZATION {other}",
        "SET SESSION AUTHORIZATION DEFAULT",

        // Settings of the session.
        "SET row_security = off",
        "SET standard_conforming_strings = off",
        "SET backslash_quote = on",
        "SET escape_string_warning = off",
        "SET DateStyle = 'German, DMY'",
        "SET IntervalStyle = 'iso_8601'",
        "SET TimeZone = 'Pacific/Kiritimati'",
        "SET client_encoding = 'LATIN1'",
        "SET client_encoding = 'SQL_ASCII'",
        "SET default_transaction_isolation = 'serializable'",
        "SET default_transaction_read_only = on",
        "SET default_transaction_deferrable = on",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        "SET TRANSACTION READ ONLY",
        "SET statement_timeout = '20min'",
        "SET lock_timeout = '1ms'",
        "SET statement_timeout = '1ms'",
        "DO $$ BEGIN FOR i IN 1..200 LOOP EXECUTE format('CREATE TEMP TABLE t%s AS SELECT 1', i); END LOOP; END $$; SET statement_timeout "
            + "= '1ms'",
        "SET idle_in_transaction_session_timeout = '20min'",
        "SET plan_cache_mode = force_generic_plan",
        "SET extra_float_digits = -15",
        "SET bytea_output = 'escape'",
        "SET transform_null_equals = on",
        "SET check_function_bodies = off",
        "SET enable_seqscan = off",
        "SET work_mem = '64kB'",
        "SET application_name = 'PLANTED'",
        "SET xmloption = document",
        "SET default_table_access_method = heap",
        "SET session_replication_role = replica",
        "SET log_parameter_max_length_on_error = -1",
        "SET planted.setting = 'PLANTED'",
        "SET zerotrust.tenant = 'a'",
        "SELECT set_config('zerotrust.tenant', current_setting('zerotrust.tenant'), false)",
        "SET LOCAL zerotrust.tenant = 'a'",
        "RESET ALL",
        "DISCARD TEMP",
        "DISCARD ALL",

        // Prepared statements, under names of the driver's too.
        "PREPARE planted AS SELECT 'PLANTED'::text",
        "PREPARE _auto1 (text) AS SELECT 'PLANTED'::text",
        "PREPARE _p1 AS SELECT 'PLANTED'::text",
        "DEALLOCATE ALL",
        "DEALLOCATE _p1",

        // Cursors, locks, channels, sequences, large objects, files, libraries.
        "DECLARE planted CURSOR WITH HOLD FOR SELECT 'PLANTED'::text",
        "BEGIN; DECLARE planted CURSOR FOR SELECT 'PLANTED'::text",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_advisory_lock_shared(2)",
        "SELECT pg_try_advisory_lock(3, 4)",
        "LISTEN planted",
        "LISTEN planted; NOTIFY planted, 'PLANTED'",
        "UNLISTEN *",
        "SELECT nextval('public.order_ids')",
        "SELECT setval('public.order_ids', 666)",
        "SELECT lo_create(0)",
        "LOAD 'auto_explain'",
        "COPY orders TO STDOUT",
        "COPY orders FROM STDIN",
        "COPY (SELECT 1) TO '/dev/null'",

        // Blocks and transactions.
        "DO $$ BEGIN PERFORM set_config('search_path', 'plant, public', false); END $$",
        "DO $$ BEGIN CREATE TEMP TABLE orders AS SELECT 'a'::text AS tenant_id, 666 AS id, 'PLANTED'::text AS product; EXCEPTION WHEN "
            + "OTHERS THEN NULL; END $$",
        "DO $$ BEGIN EXECUTE 'PREPARE planted AS SELECT 666'; PERFORM pg_advisory_lock(5); END $$",
        "BEGIN",
        "COMMIT",
        "ROLLBACK",
        "COMMIT; SET search_path = plant, public",
        "BEGIN; CREATE TEMP TABLE orders AS SELECT 'a'::text AS tenant_id, 666 AS id, 'PLANTED'::text AS product; COMMIT",
        "ROLLBACK; BEGIN; SET search_path = plant; COMMIT AND CHAIN",
        "SAVEPOINT planted",
        "PREPARE TRANSACTION 'planted'",
        "SELECT pg_terminate_backend(pg_backend_pid())",

        // Rows.
        "UPDATE orders SET product = 'PLANTED'",
        "INSERT INTO orders VALUES ('a', 666, 'PLANTED')",
        "UPDATE orders SET tenant_id = 'a'",
        "DELETE FROM orders WHERE tenant_id = 'a'",
        "INSERT INTO plant.orders VALUES ('a', 667, 'PLANTED')",
        "MERGE INTO orders USING (SELECT 1) one ON tenant_id = 'a' WHEN MATCHED THEN UPDATE SET product = 'PLANTED'",
    ];
}
