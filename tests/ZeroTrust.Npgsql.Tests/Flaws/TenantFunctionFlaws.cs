using ZeroTrust.Npgsql.Internal;

namespace ZeroTrust.Npgsql.Tests.Flaws;

/// <summary>A <c>zerotrust.tenant()</c> that was changed where it stands, and keys that others write.</summary>
internal static class TenantFunctionFlaws
{
    private const string Code = "npgsql.tenant_function_wrong";
    private const string Other = "IF nullif(current_setting('request.tenant', true), '') IS NOT NULL THEN RETURN "
        + "current_setting('request.tenant', true); END IF;";

    private const string Exploit = "SET request.tenant = 'a'\nSELECT product FROM orders";
    private const string Policies = "$enable(orders) $enable(lines)";

    // HMAC by a key that is known: blocks of zeros.
    private const string Sign = "DO $d$ DECLARE claims text := 'v2:k9:a:9999999999:' || pg_backend_pid(); BEGIN PERFORM "
        + "set_config('zerotrust.tenant', claims || ':' || encode(sha256('\\x00'::bytea || sha256('\\x00'::bytea || convert_to(claims, "
        + "'UTF8'))), 'hex'), true); RAISE EXCEPTION '%', (SELECT string_agg(product, ',') FROM orders); END $d$";

    private static readonly string Signed = TenantFunction.Signed(Pooler.None).Sql;

    internal static readonly Flaw[] All =
    [
        new("another setting before the signed tenant", Code, Signed.Replace("BEGIN\n", $"BEGIN\n  {Other}\n", StringComparison.Ordinal),
            Exploit, Proof.Reads),
        new("another setting where no tenant is proved", Code, Signed.Replace("RETURN NULL", $"{Other} RETURN NULL",
            StringComparison.Ordinal), "SET request.tenant = 'a'\nDO $d$ BEGIN PERFORM set_config('zerotrust.tenant', '', true); RAISE "
            + "EXCEPTION '%', (SELECT string_agg(product, ',') FROM orders); END $d$", Proof.Reads),
        new("a tenant that is believed for one role", Code, Signed.Replace("RETURN NULL;", "RETURN CASE session_user WHEN '$app' THEN 'a' "
            + "END;", StringComparison.Ordinal), "DO $d$ BEGIN PERFORM set_config('zerotrust.tenant', 'v2:k1', true); RAISE EXCEPTION "
            + "'%', (SELECT string_agg(product, ',') FROM orders); END $d$", Proof.Reads),
        new("policies of another function of that name", Code, "DROP FUNCTION zerotrust.tenant() CASCADE; CREATE FUNCTION "
            + "zerotrust.tenant(other text DEFAULT current_setting('request.tenant', true)) RETURNS text LANGUAGE sql STABLE AS $f$ SELECT "
            + $"other $f$; {Policies} {Signed} ALTER FUNCTION zerotrust.tenant() OWNER TO $owner", Exploit, Proof.Reads),
        new("keys that are inherited", Code, "CREATE TABLE more () INHERITS (zerotrust.tenant_keys); GRANT INSERT ON more TO $app",
            $"INSERT INTO more VALUES ('k9', '\\x00', '\\x00')\n{Sign}", Proof.Reads),
        new("keys that a trigger copies", Code, "CREATE TABLE more (id text, inner_block bytea, outer_block bytea); GRANT SELECT ON "
            + "more TO "
            + "$app; CREATE FUNCTION copied() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN INSERT INTO more VALUES (new.*); RETURN new; "
            + "END $f$; CREATE TRIGGER copied BEFORE INSERT ON zerotrust.tenant_keys FOR EACH ROW EXECUTE FUNCTION copied(); INSERT INTO "
            + "zerotrust.tenant_keys VALUES ('k9', '\\x00', '\\x00')", $"SELECT id FROM more\n{Sign}", Proof.Reads),
        new("a view in the place of the keys", Code, "ALTER TABLE zerotrust.tenant_keys RENAME TO kept; CREATE TABLE more (LIKE "
            + "zerotrust.kept); GRANT INSERT ON more TO $app; CREATE VIEW zerotrust.tenant_keys AS SELECT * FROM zerotrust.kept UNION ALL "
            + "SELECT * FROM public.more; ALTER VIEW zerotrust.tenant_keys OWNER TO $owner; GRANT SELECT ON more TO $owner; " + Signed,
            $"INSERT INTO more VALUES ('k9', '\\x00', '\\x00')\n{Sign}", Proof.Reads),
        new("a privileged function beside it", "npgsql.function_privileged", "CREATE FUNCTION zerotrust.loot() RETURNS text LANGUAGE sql "
            + "SECURITY DEFINER AS $f$ SELECT 'anvil can be signed for: ' || id FROM zerotrust.tenant_keys $f$; ALTER FUNCTION "
            + "zerotrust.loot OWNER TO $owner", "SELECT zerotrust.loot()", Proof.Reads),
    ];
}
