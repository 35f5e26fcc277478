namespace ZeroTrust.Npgsql.Tests.Flaws;

/// <summary>Functions that are given rows before the policy has decided about them.</summary>
internal static class LeakproofFlaws
{
    private const string Code = "npgsql.function_privileged";
    private const string Norm = "norm(text) RETURNS boolean LANGUAGE plpgsql LEAKPROOF COST 0.0001 AS $f$ BEGIN RAISE EXCEPTION '%', $1; "
        + "END $f$";

    private const string Scan = "SET enable_indexscan = off\nSET enable_bitmapscan = off\n";

    internal static readonly Flaw[] All =
    [
        new("a leakproof function", Code, $"CREATE FUNCTION {Norm}", $"{Scan}SELECT * FROM orders WHERE norm(product)", Proof.Reads),
        new("a leakproof function in another schema", Code, $"CREATE SCHEMA tools; GRANT USAGE ON SCHEMA tools TO $app; CREATE FUNCTION "
            + $"tools.{Norm}", $"{Scan}SELECT * FROM orders WHERE tools.norm(product)", Proof.Reads),
        new("another leakproof function of a name that is shared", Code, "CREATE FUNCTION norm(int) RETURNS boolean LANGUAGE sql LEAKPROOF "
            + $"AS $f$ SELECT true $f$; CREATE FUNCTION {Norm}", $"{Scan}SELECT * FROM orders WHERE norm(product)",
            Proof.Reads) { Shared = ["public.norm", "public.norm(integer)"] },
        new("a leakproof function behind an operator", Code, $"CREATE SCHEMA hidden; CREATE FUNCTION hidden.{Norm}; CREATE OPERATOR !!! "
            + "(FUNCTION = hidden.norm, RIGHTARG = text)", $"{Scan}SELECT * FROM orders WHERE !!! product", Proof.Reads),
        new("functions of PostgreSQL that were made leakproof", Code, "ALTER FUNCTION boolin(cstring) LEAKPROOF COST 0.0001; ALTER "
            + "FUNCTION textout(text) LEAKPROOF COST 0.0001", $"{Scan}SELECT * FROM orders WHERE product::boolean", Proof.Reads),
    ];
}
