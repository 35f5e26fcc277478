namespace ZeroTrust.Npgsql.Tests.Flaws;

/// <summary>Restrictive policies that are evaluated before the tenant's, and give values of all rows away.</summary>
internal static class PolicyFlaws
{
    private const string Code = "npgsql.policy_foreign";

    // With costs that any role may set, every condition is as cheap as the tenant's, and the restrictive ones come first.
    private const string Scan = "SET enable_indexscan = off\nSET enable_bitmapscan = off\nSET cpu_operator_cost = 0\nSET cpu_tuple_cost "
        + "= 0\n"
        + "SET seq_page_cost = 0\n";

    private const string Read = $"{Scan}SELECT product FROM orders";
    private const string Restrict = "CREATE POLICY narrower ON orders AS RESTRICTIVE";
    private const string Says = "says(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $f$ BEGIN IF $1 = 'anvil' THEN RAISE EXCEPTION "
        + "'%', $1; END IF; RETURN true; END $f$; ";

    internal static readonly Flaw[] All =
    [
        new("a restrictive policy that calls a function", Code, $"CREATE FUNCTION {Says} {Restrict} USING (says(product))", Read,
            Proof.Reads),
        new("a restrictive policy for one command and one role", Code, $"CREATE FUNCTION {Says} {Restrict} FOR SELECT TO $app USING "
            + "(says(product))", Read, Proof.Reads),
        new("a restrictive policy for rows that are deleted", Code, $"CREATE FUNCTION {Says} {Restrict} FOR DELETE USING (says(product))",
            $"{Scan}DELETE FROM orders", Proof.Reads),
        new("a restrictive policy that calls a function of PostgreSQL", Code, "ALTER TABLE orders ADD COLUMN dept name DEFAULT '$app'; "
            + $"UPDATE orders SET dept = 'anvil' WHERE tenant_id = 'a'; {Restrict} USING (pg_has_role(dept, 'MEMBER'))", Read, Proof.Reads),
        new("a restrictive policy that casts", Code, "ALTER TABLE orders ADD COLUMN doc text DEFAULT 'true'; UPDATE orders SET doc = "
            + "'anvil' "
            + $"WHERE tenant_id = 'a'; {Restrict} USING (doc::boolean)", Read, Proof.Reads),
        new("a restrictive policy with an operator of its own", Code, $"CREATE FUNCTION {Says} CREATE OPERATOR !!! (FUNCTION = says, "
            + "RIGHTARG "
            + $"= text); {Restrict} USING (!!! product)", Read, Proof.Reads),
        new("a restrictive policy with a CASE over a value", Code, "CREATE FUNCTION says(text, text) RETURNS boolean LANGUAGE plpgsql COST "
            + "0.0001 AS $f$ BEGIN RAISE EXCEPTION '%', $1; END $f$; CREATE OPERATOR = (FUNCTION = says, LEFTARG = text, RIGHTARG = "
            + "text); SET "
            + $"search_path = public, pg_catalog; {Restrict} USING (CASE product WHEN 'x' THEN false ELSE true END)", Read, Proof.Reads),
        new("a restrictive policy with a sub-select", Code, "ALTER TABLE lines DROP CONSTRAINT lines_tenant_id_order_id_fkey; CREATE TABLE "
            + "words (tenant_id text NOT NULL, word text, id int); INSERT INTO words VALUES ('b', 'anvil', 1), ('b', 'anvil', 2); "
            + "$enable(words) GRANT SELECT ON words TO $app; "
            + $"{Restrict} USING ((SELECT w.id FROM words w WHERE w.word = orders.product) IS NULL)", Read, Proof.Fails),
        new("a restrictive policy with an operator that was added to a family", Code, "ALTER OPERATOR FAMILY integer_ops USING btree ADD "
            + "OPERATOR 3 ~ (text, text); UPDATE orders SET product = '[' WHERE tenant_id = 'a'; "
            + $"{Restrict} USING (NOT 'x' ~ product)", Read, Proof.Fails),
        new("a restrictive policy with an operator of its own in a family of PostgreSQL", Code, "CREATE FUNCTION says(varchar, varchar) "
            + "RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $f$ BEGIN RAISE EXCEPTION '%', $1; END $f$; CREATE OPERATOR ==# (FUNCTION = "
            + "says, LEFTARG = varchar, RIGHTARG = varchar); ALTER OPERATOR FAMILY text_ops USING btree ADD OPERATOR 3 ==# (varchar, "
            + $"varchar); {Restrict} USING (product::varchar ==# 'x')", Read, Proof.Reads),
        new("a restrictive policy with an operator of another index method", Code, "ALTER TABLE orders ADD COLUMN place point DEFAULT "
            + "'(0,0)'; UPDATE orders SET place = '(1e308,0)' WHERE tenant_id = 'a'; "
            + $"{Restrict} USING ((place <-> '(-1e308,0)') >= 0)", Read, Proof.Fails),
        new("a restrictive policy that compares arrays", Code, "CREATE TYPE pair AS (x text); CREATE FUNCTION says(pair, pair) RETURNS "
            + "boolean LANGUAGE plpgsql COST 0.0001 AS $f$ BEGIN RAISE EXCEPTION '%', ($1).x; END $f$; CREATE OPERATOR ==# (FUNCTION = "
            + "says, "
            + "LEFTARG = pair, RIGHTARG = pair); CREATE OPERATOR CLASS pairs DEFAULT FOR TYPE pair USING btree AS OPERATOR 3 ==#; ALTER "
            + "TABLE "
            + "orders ADD COLUMN p pair[]; UPDATE orders SET p = ARRAY[row(product)::pair]; "
            + $"{Restrict} USING ((p = ARRAY[row('x')::pair]) IS NOT NULL)", Read, Proof.Reads),
        new("a policy that asks a table that cannot be named", "npgsql.row_security_missing", "CREATE SCHEMA hidden; CREATE TABLE "
            + "hidden.blocked AS SELECT product FROM orders WHERE tenant_id = 'a'; GRANT SELECT ON hidden.blocked TO $app; "
            + $"{Restrict} FOR SELECT USING (NOT EXISTS (SELECT FROM hidden.blocked b WHERE b.product = orders.product))",
            "INSERT INTO orders VALUES ('b', 50, 'anvil')\nSELECT 'anvil' WHERE NOT EXISTS (SELECT FROM orders WHERE id = 50) AND EXISTS "
            + "(SELECT FROM orders WHERE id = 2)", Proof.Reads),
    ];
}
