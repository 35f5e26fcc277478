namespace ZeroTrust.Npgsql.Tests.Flaws;

/// <summary>Types beside those that compare as they are.</summary>
internal static class ComparisonFlaws
{
    private const string Code = "npgsql.policy_foreign";
    private const string Read = "SET enable_indexscan = off\nSET enable_bitmapscan = off\nSET cpu_operator_cost = 0\nSET cpu_tuple_cost = "
        + "0\nSET seq_page_cost = 0\nSELECT product FROM orders";

    private const string States = "CREATE TYPE state AS ENUM ('anvil', 'live'); ALTER TABLE orders ADD COLUMN state state DEFAULT 'live'; "
        + "UPDATE orders SET state = 'anvil' WHERE tenant_id = 'a'; ";

    internal static readonly Flaw[] All =
    [
        new("a restrictive policy with an enumeration's own equality", Code, $"{States} CREATE FUNCTION says(state, state) RETURNS boolean "
            + "LANGUAGE plpgsql COST 0.0001 AS $f$ BEGIN IF $1 = ANY (ARRAY['anvil'::state]) THEN RAISE EXCEPTION '%', $1; END IF; RETURN "
            + "true; END $f$; CREATE OPERATOR === (FUNCTION = says, LEFTARG = state, RIGHTARG = state); CREATE POLICY narrower ON orders "
            + "AS RESTRICTIVE USING (state === 'live')", Read, Proof.Reads),
        new("a restrictive policy that reads an enumeration as another type", Code, "CREATE TYPE state AS ENUM ('anvil', "
            + "'true'); ALTER TABLE orders ADD COLUMN state state DEFAULT 'true'; UPDATE orders SET state = 'anvil' WHERE tenant_id = 'a'; "
            + "CREATE POLICY narrower ON orders AS RESTRICTIVE USING (state::text::boolean)", Read, Proof.Reads),
        new("a restrictive policy on a row of comparable columns", Code, "CREATE TYPE pair AS (x text); CREATE FUNCTION compare(pair, "
            + "pair) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $f$ BEGIN IF ($1).x = 'anvil' THEN RAISE EXCEPTION '%', ($1).x; "
            + "END IF; "
            + "RETURN true; END $f$; CREATE OPERATOR = (FUNCTION = compare, LEFTARG = pair, RIGHTARG = pair); ALTER TABLE orders ADD "
            + "COLUMN "
            + "pair pair; UPDATE orders SET pair = row(product)::pair; CREATE POLICY narrower ON orders AS RESTRICTIVE USING (pair = "
            + "row('x')::pair)", Read, Proof.Reads),
    ];
}
