namespace ZeroTrust.Npgsql.Tests.Flaws;

/// <summary>Unique indexes, exclusions, foreign keys and what they do.</summary>
internal static class KeyFlaws
{
    private const string Anvil = "INSERT INTO orders VALUES ('b', 9, 'anvil')";

    private const string Loose = "CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level1', deterministic = false);";

    // Rows of both tenants hang on one shared row; what happens to them shows in the orders of a.
    private const string Shared = "CREATE TABLE kinds (id int PRIMARY KEY); INSERT INTO kinds VALUES (1); ALTER TABLE orders ADD COLUMN "
        + "kind int; UPDATE orders SET kind = 1; ";

    internal static readonly Flaw[] All =
    [
        new("a unique index", "npgsql.index_unconfined", "CREATE UNIQUE INDEX ON orders (product)", Anvil, Proof.Knows),
        new("a unique index that includes the tenant", "npgsql.index_unconfined", "CREATE UNIQUE INDEX ON orders (product) INCLUDE "
            + "(tenant_id)", Anvil, Proof.Knows),
        new("a unique index of an expression", "npgsql.index_unconfined", "CREATE UNIQUE INDEX ON orders (lower(product))", Anvil,
            Proof.Knows),
        new("a unique index of some rows", "npgsql.index_unconfined", "CREATE UNIQUE INDEX ON orders (product) WHERE product <> ''",
            Anvil, Proof.Knows),
        new("a unique index of an expression of the tenant", "npgsql.index_unconfined", "CREATE UNIQUE INDEX ON orders (left(tenant_id, "
            + "0), product)", Anvil, Proof.Knows),
        new("a unique index of one partition", "npgsql.index_unconfined",
            "CREATE TABLE parts (tenant_id text NOT NULL, product text) PARTITION BY LIST (tenant_id); CREATE TABLE parts_all PARTITION "
                + "OF parts DEFAULT; "
            + "CREATE UNIQUE INDEX ON parts_all (product); INSERT INTO parts VALUES ('a', 'anvil'); $enable(parts) GRANT SELECT, INSERT "
                + "ON parts TO $app", "INSERT INTO parts VALUES ('b', 'anvil')", Proof.Knows),
        new("an exclusion", "npgsql.index_unconfined", "ALTER TABLE orders ADD EXCLUDE (product WITH =)", Anvil, Proof.Knows),
        new("an exclusion that compares the tenant by another operator", "npgsql.index_unconfined",
            "CREATE EXTENSION btree_gist; ALTER TABLE orders ADD EXCLUDE USING gist (product WITH =, tenant_id WITH <>)", Anvil,
                Proof.Knows) { Extension = "btree_gist" },
        new("a unique index that compares the tenant loosely", "npgsql.index_unconfined", $"{Loose} CREATE UNIQUE INDEX ON orders "
            + "(tenant_id "
            + "COLLATE loose, product); INSERT INTO orders VALUES ('B', 5, 'known')", "INSERT INTO orders VALUES ('b', 9, 'known')",
            Proof.Knows),
        new("a unique index of one partition that does", "npgsql.index_unconfined", $"{Loose} CREATE TABLE parts (tenant_id text NOT NULL, "
            + "product text) PARTITION BY LIST (product); CREATE TABLE parts_all PARTITION OF parts DEFAULT; CREATE UNIQUE INDEX ON "
            + "parts_all "
            + "(tenant_id COLLATE loose, product); INSERT INTO parts VALUES ('B', 'known'); $enable(parts) GRANT SELECT, INSERT ON "
            + "parts TO "
            + "$app", "INSERT INTO parts VALUES ('b', 'known')", Proof.Knows),
        new("an operator class for which all tenants are equal", "npgsql.index_unconfined", "CREATE FUNCTION equal(text, text) RETURNS int "
            + "LANGUAGE sql IMMUTABLE AS $f$ SELECT 0 $f$; CREATE OPERATOR CLASS loose FOR TYPE text USING btree AS OPERATOR 1 <, "
            + "OPERATOR 3 =, "
            + "FUNCTION 1 equal(text, text); CREATE UNIQUE INDEX ON orders (tenant_id loose, product)", Anvil, Proof.Knows),
        new("an operator class of PostgreSQL that leaves out spaces", "npgsql.index_unconfined", "CREATE UNIQUE INDEX ON orders (tenant_id "
            + "bpchar_pattern_ops, product); INSERT INTO orders VALUES ('b ', 5, 'known')", "INSERT INTO orders VALUES ('b', 9, 'known')",
            Proof.Knows),
        new("an exclusion that compares the tenant loosely", "npgsql.index_unconfined", $"{Loose} ALTER TABLE orders ADD EXCLUDE "
            + "(tenant_id "
            + "COLLATE loose WITH =, product WITH =); INSERT INTO orders VALUES ('B', 5, 'known')",
            "INSERT INTO orders VALUES ('b', 9, 'known')", Proof.Knows),
        new("an exclusion that compares the tenant by an equality of its own", "npgsql.index_unconfined", "CREATE FUNCTION equal(varchar, "
            + "varchar) RETURNS boolean LANGUAGE sql IMMUTABLE AS $f$ SELECT true $f$; CREATE OPERATOR public.= (FUNCTION = equal, "
            + "LEFTARG = "
            + "varchar, RIGHTARG = varchar, COMMUTATOR = OPERATOR(public.=)); ALTER OPERATOR FAMILY text_ops USING btree ADD OPERATOR 3 "
            + "public.= (varchar, varchar); ALTER TABLE lines ADD EXCLUDE (tenant_id WITH OPERATOR(public.=), text WITH =); INSERT INTO "
            + "lines VALUES (5, 'c', NULL, 'zinc')", "INSERT INTO lines VALUES (9, 'b', NULL, 'zinc')", Proof.Knows),
        new("a foreign key without the tenant", "npgsql.reference_unconfined",
            "ALTER TABLE orders ADD UNIQUE (id); CREATE TABLE notes (tenant_id text NOT NULL, order_id int REFERENCES orders (id)); "
                + "$enable(notes) GRANT SELECT, INSERT ON notes TO $app",
            "INSERT INTO notes VALUES ('b', 1) RETURNING 'anvil is there'", Proof.Reads),
        new("a foreign key to a table that may not be read", "npgsql.reference_unconfined",
            "CREATE TABLE customers (name text PRIMARY KEY); INSERT INTO customers SELECT product FROM orders WHERE tenant_id = 'a'; "
            + "CREATE TABLE notes (tenant_id text NOT NULL, name text REFERENCES customers); $enable(notes) GRANT SELECT, INSERT ON "
                + "notes TO $app", "INSERT INTO notes VALUES ('b', 'anvil') RETURNING name", Proof.Reads),
        new("a foreign key to a table whose rows are denied", "npgsql.reference_unconfined",
            "CREATE TABLE customers (name text PRIMARY KEY); INSERT INTO customers SELECT product FROM orders WHERE tenant_id = 'a'; "
            + "CREATE TABLE notes (tenant_id text NOT NULL, name text REFERENCES customers); $enable(notes) GRANT SELECT, INSERT ON "
            + "notes TO $app; ALTER TABLE customers ENABLE ROW LEVEL SECURITY; ALTER TABLE customers FORCE ROW LEVEL SECURITY; GRANT "
            + "SELECT ON customers TO $app",
            "INSERT INTO notes VALUES ('b', 'anvil') RETURNING name", Proof.Reads),
        new("a shared row whose deletion deletes", "npgsql.referential_action_unconfined",
            Shared + "ALTER TABLE orders ADD FOREIGN KEY (kind) REFERENCES kinds ON DELETE CASCADE; GRANT SELECT, DELETE ON kinds TO "
                + "$app; ALTER TABLE lines DROP CONSTRAINT lines_tenant_id_order_id_fkey",
            "DELETE FROM kinds", Proof.Changes) { Shared = ["public.kinds"] },
        new("a shared row whose deletion sets null", "npgsql.referential_action_unconfined",
            Shared + "ALTER TABLE orders ADD FOREIGN KEY (kind) REFERENCES kinds ON DELETE SET NULL; GRANT SELECT, DELETE ON kinds TO "
                + "$app", "DELETE FROM kinds", Proof.Changes) { Shared = ["public.kinds"] },
        new("a shared row whose new key is carried on", "npgsql.referential_action_unconfined",
            Shared + "ALTER TABLE orders ADD FOREIGN KEY (kind) REFERENCES kinds ON UPDATE CASCADE; GRANT SELECT, UPDATE (id) ON kinds "
                + "TO $app", "UPDATE kinds SET id = 2", Proof.Changes) { Shared = ["public.kinds"] },
        new("a shared row two steps away", "npgsql.referential_action_unconfined",
            Shared + "CREATE TABLE groups (id int PRIMARY KEY); INSERT INTO groups VALUES (1); ALTER TABLE kinds ADD COLUMN grp int "
                + "DEFAULT 1 REFERENCES groups ON DELETE CASCADE; "
            + "ALTER TABLE orders ADD FOREIGN KEY (kind) REFERENCES kinds ON DELETE SET NULL; GRANT SELECT, DELETE ON groups TO $app",
                "DELETE FROM groups", Proof.Changes) { Shared = ["public.kinds", "public.groups"] },
        new("an own row whose deletion gives others away", "npgsql.referential_action_unconfined",
            "ALTER TABLE orders ADD COLUMN parent int; ALTER TABLE orders ALTER tenant_id SET DEFAULT 'a'; ALTER TABLE orders ADD "
                + "FOREIGN KEY (tenant_id, parent) REFERENCES orders ON DELETE SET DEFAULT",
            "INSERT INTO orders (tenant_id, id, product) VALUES ('b', 20, 'parent')\nINSERT INTO orders (tenant_id, id, product, parent) "
                + "VALUES ('b', 21, 'planted', 20)\nDELETE FROM orders WHERE id = 20", Proof.Changes),
    ];
}
