namespace ZeroTrust.Npgsql.Tests.Flaws;

/// <summary>Types, sequences and triggers of usual schemas that no tenant gets round by.</summary>
internal static class SoundTypes
{
    private const string Tenants = "CREATE TABLE parts (tenant_id tenant_key NOT NULL, id int, mail text, PRIMARY KEY (tenant_id, id), "
        + "UNIQUE "
        + "(tenant_id, mail)); $enable(parts) CREATE TABLE more (tenant_id text NOT NULL, part_id int, FOREIGN KEY (tenant_id, part_id) "
        + "REFERENCES parts); $enable(more) GRANT SELECT, INSERT, UPDATE, DELETE ON parts, more TO $app";

    private const string Tasks = "CREATE TABLE tasks (tenant_id text NOT NULL, id int, parent int, updated_at timestamptz, PRIMARY KEY "
        + "(tenant_id, id), FOREIGN KEY (tenant_id, parent) REFERENCES tasks ON DELETE SET NULL (parent)); $enable(tasks) GRANT SELECT, "
        + "INSERT, UPDATE, DELETE ON tasks TO $app; CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN "
        + "new.updated_at := now(); RETURN new; END $f$; CREATE TRIGGER updated BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION "
        + "set_updated_at()";

    internal static readonly Flaw[] All =
    [
        Sound("a tenant of a domain over text", $"CREATE DOMAIN tenant_key AS text CHECK (VALUE ~ '^[a-z0-9-]+$'); {Tenants}"),
        Sound("a tenant of a domain over a domain over varchar", "CREATE DOMAIN short AS varchar(64) COLLATE \"C\"; CREATE DOMAIN "
            + "tenant_key "
            + $"AS short CHECK (VALUE <> ''); {Tenants}"),
        Sound("restrictive policies that compare enumerations, amounts, documents and days", "CREATE TYPE state AS ENUM ('draft', 'live'); "
            + "CREATE DOMAIN shown AS state; ALTER TABLE orders ADD COLUMN state state DEFAULT 'live', ADD COLUMN shown shown, ADD COLUMN "
            + "price numeric, ADD COLUMN doc jsonb, ADD COLUMN day date, ADD COLUMN at timestamptz; CREATE POLICY narrower ON orders AS "
            + "RESTRICTIVE USING (state = 'live' AND state <> 'draft' AND state IN ('live', 'draft') AND shown::state >= 'draft' AND "
            + "price >= 0 "
            + "AND price <> 13 AND doc <> '{}' AND day <= now() AND at > current_date AND day <> localtimestamp)"),
        Sound("sequences that are read and counted on", "CREATE SEQUENCE numbers; GRANT USAGE, SELECT ON SEQUENCE numbers TO $app; ALTER "
            + "TABLE lines ALTER id ADD GENERATED ALWAYS AS IDENTITY; CREATE SEQUENCE theirs; GRANT UPDATE ON SEQUENCE theirs TO $reports; "
            + "ALTER DEFAULT PRIVILEGES FOR ROLE $owner GRANT USAGE, SELECT ON SEQUENCES TO $app"),
        Sound("a trigger before SET NULL whose function is named as shared", Tasks, "public.set_updated_at"),
        Sound("a function of the caller's rights beside the tenant's", "CREATE FUNCTION zerotrust.more() RETURNS text LANGUAGE sql AS $f$ "
            + "SELECT 'x' $f$"),
        Sound("the tenant's schema made by a superuser beforehand", "ALTER SCHEMA zerotrust OWNER TO postgres"),
        Sound("a superuser's right to the keys", "CREATE ROLE $x SUPERUSER; GRANT SELECT ON zerotrust.tenant_keys TO $x"),
    ];

    private static Flaw Sound(string name, string setup, params string[] shared) =>
        new(name, string.Empty, setup, string.Empty, Proof.Reads) { Shared = shared };
}
