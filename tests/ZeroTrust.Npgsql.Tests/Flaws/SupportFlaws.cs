namespace ZeroTrust.Npgsql.Tests.Flaws;

/// <summary>Functions that PostgreSQL calls for an expression that does not name them, and asks for no right to them.</summary>
internal static class SupportFlaws
{
    private const string Code = "npgsql.function_privileged";
    private const string Body = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $f$ BEGIN RAISE EXCEPTION '%', "
        + "(SELECT string_agg(product, ',') FROM orders); END $f$; REVOKE EXECUTE ON FUNCTION hidden.leak FROM PUBLIC; ";

    private const string Pair = "CREATE SCHEMA hidden; CREATE TYPE pair AS (x int); CREATE FUNCTION hidden.leak(pair, pair) RETURNS ";

    internal static readonly Flaw[] All =
    [
        new("a function behind an operator class", Code, $"{Pair} int {Body} CREATE OPERATOR CLASS pairs DEFAULT FOR TYPE pair USING btree "
            + "AS FUNCTION 1 hidden.leak(pair, pair)", "SELECT greatest(row(1)::pair, row(2)::pair)::text", Proof.Reads),
        new("a function behind the operator class of a range", Code, $"{Pair} int {Body} CREATE OPERATOR CLASS pairs FOR TYPE pair USING "
            + "btree AS FUNCTION 1 hidden.leak(pair, pair); CREATE TYPE span AS RANGE (SUBTYPE = pair, SUBTYPE_OPCLASS = pairs)",
            "SELECT span(row(1)::pair, row(2)::pair)::text", Proof.Reads),
        new("a function behind the difference of a range", Code, "CREATE SCHEMA hidden; CREATE FUNCTION hidden.leak(int, int) RETURNS "
            + "float8 "
            + $"IMMUTABLE {Body} CREATE TYPE span AS RANGE (SUBTYPE = int, SUBTYPE_DIFF = hidden.leak); ALTER TABLE lines ADD COLUMN s "
            + "span; "
            + "CREATE INDEX ON lines USING gist (s)", "INSERT INTO lines SELECT 100 + i, 'b', NULL, 'x', span(i, i + 1) FROM "
            + "generate_series(1, 500) i", Proof.Reads),
        new("a function behind the equality of arrays", Code, $"{Pair} boolean {Body} CREATE OPERATOR = (FUNCTION = hidden.leak, LEFTARG = "
            + "pair, RIGHTARG = pair); CREATE OPERATOR CLASS pairs DEFAULT FOR TYPE pair USING btree AS OPERATOR 3 = (pair, pair)",
            "SELECT (ARRAY[row(1)::pair] = ARRAY[row(2)::pair])::text", Proof.Reads),
    ];
}
