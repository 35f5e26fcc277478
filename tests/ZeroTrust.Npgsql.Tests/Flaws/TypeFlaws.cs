using static ZeroTrust.Npgsql.Tests.Flaws.ActionFlaws;

namespace ZeroTrust.Npgsql.Tests.Flaws;

/// <summary>What types of the application bring to comparisons that foreign keys make as the owner of a table, past its policies.</summary>
internal static class TypeFlaws
{
    private const string Code = "npgsql.function_privileged";
    private const string Less = "CREATE TYPE pair AS (x text); CREATE FUNCTION less(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS "
        + "$f$ SELECT ($1).x < ($2).x $f$; ";

    private const string Class = "CREATE OPERATOR ==# (FUNCTION = same, LEFTARG = pair, RIGHTARG = pair); CREATE OPERATOR <<# (FUNCTION = "
        + "less, LEFTARG = pair, RIGHTARG = pair); CREATE OPERATOR CLASS pairs DEFAULT FOR TYPE pair USING btree AS OPERATOR 1 <<#, "
        + "OPERATOR 3 ==#, FUNCTION 1 compare(pair, pair); ";

    private const string Tables = "CREATE TABLE keyed (tenant_id text NOT NULL, k $k NOT NULL); CREATE UNIQUE INDEX keyed_key ON keyed "
        + "(tenant_id, k $c); CREATE TABLE refers (tenant_id text NOT NULL, k $r, FOREIGN KEY (tenant_id, k) REFERENCES keyed "
        + "(tenant_id, k)); "
        + "ALTER TABLE keyed OWNER TO $owner; ALTER TABLE refers OWNER TO $owner; $enable(keyed) $enable(refers) GRANT SELECT, INSERT ON "
        + "keyed, refers TO $app; INSERT INTO keyed VALUES ('b', $v)";

    private const string Scan = "SET enable_indexscan = off\nSET enable_bitmapscan = off\nSET enable_indexonlyscan = off\n";
    private const string Search = "SET enable_seqscan = off\nSET enable_bitmapscan = off\n";
    private const string One = "row('1')::pair";
    private const string Network = "'10.0.0.1/32'::cidr";

    // A class for inet, which serves columns of cidr too.
    private const string Networks = "CREATE OPERATOR CLASS networks FOR TYPE inet USING btree AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 "
        + "leak(inet, inet); ";

    private const string Span = "CREATE TYPE span AS RANGE (SUBTYPE = int";

    private static readonly string Equal = Less + Function("same(pair, pair) RETURNS boolean", "($1).x = ($2).x") + "CREATE FUNCTION "
        + "compare(pair, pair) RETURNS int LANGUAGE sql IMMUTABLE AS $f$ SELECT bttextcmp(($1).x, ($2).x) $f$; " + Class;

    private static readonly string Ordered = Less + Function("compare(pair, pair) RETURNS int", "bttextcmp(($1).x, ($2).x)") + "CREATE "
        + "FUNCTION same(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS $f$ SELECT ($1).x = ($2).x $f$; " + Class;

    private static readonly string Compared = Function("leak(inet, inet) RETURNS int", "network_cmp($1, $2)");

    // So that the function in question alone is to be found.
    private static readonly string[] OfEqual = ["public.less", "public.compare"];
    private static readonly string[] OfOrdered = ["public.less", "public.same"];

    internal static readonly Flaw[] All =
    [
        new("the equality of a foreign key", Code, Equal + Keys("pair", One), Refer(One), Proof.Reads) { Shared = OfEqual },
        new("the equality of a foreign key of the one table that is written", Code, Equal
            + Keys("pair", One).Replace("ON keyed, refers TO", "ON refers TO", StringComparison.Ordinal), Refer(One),
            Proof.Reads) { Shared = OfEqual },
        new("the equality of a foreign key of the one table that is deleted from", Code, Equal
            + Keys("pair", One).Replace("SELECT, INSERT ON keyed, refers TO", "SELECT, DELETE ON keyed TO", StringComparison.Ordinal)
            + "; ALTER TABLE refers DISABLE TRIGGER ALL; INSERT INTO refers VALUES ('b', row('1')::pair); ALTER TABLE refers ENABLE "
            + "TRIGGER "
            + "ALL", $"{Scan}DELETE FROM keyed", Proof.Reads) { Shared = OfEqual },
        new("the equality of a foreign key to a table that an action deletes from", Code, Equal + $"{Notes} ALTER TABLE notes ADD p "
            + "pair[]; CREATE UNIQUE INDEX notes_key ON notes (tenant_id, p); CREATE TABLE thirds (tenant_id text NOT NULL, p pair[], "
            + "FOREIGN KEY (tenant_id, p) REFERENCES notes (tenant_id, p)); ALTER TABLE thirds OWNER TO $owner; $enable(thirds) INSERT "
            + "INTO orders VALUES ('b', 2, 'x'); INSERT INTO notes VALUES "
            + $"('b', 2, '', ARRAY[{One}]) {Key} ON DELETE CASCADE; ALTER TABLE thirds DISABLE TRIGGER ALL; INSERT INTO thirds VALUES "
            + $"('b', ARRAY[{One}]); ALTER TABLE thirds ENABLE TRIGGER ALL", $"{Scan}DELETE FROM lines\nDELETE FROM orders WHERE id = 2",
            Proof.Reads) { Shared = OfEqual },
        new("the equality of another foreign key of a table that an action changes", Code, Equal
            + Keys("pair", One).Replace("GRANT SELECT, INSERT ON keyed, refers TO $app; ", string.Empty, StringComparison.Ordinal)
            + "; ALTER TABLE refers ADD order_id int, ADD FOREIGN KEY (tenant_id, order_id) REFERENCES orders ON UPDATE CASCADE; ALTER "
            + "TABLE "
            + $"refers DISABLE TRIGGER ALL; INSERT INTO orders VALUES ('b', 2, 'x'); INSERT INTO refers VALUES ('b', {One}, 2); ALTER "
            + "TABLE refers ENABLE TRIGGER ALL",
            "DELETE FROM lines\nUPDATE orders SET id = 31 WHERE id = 2", Proof.Reads) { Shared = OfEqual },
        new("the equality of a foreign key that has left its family", Code, Function("same(inet, macaddr) RETURNS boolean", "true")
            + "CREATE OPERATOR ==# (FUNCTION = same, LEFTARG = inet, RIGHTARG = macaddr); CREATE OPERATOR CLASS networks FOR TYPE inet "
            + "USING "
            + "btree AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 network_cmp(inet, inet); ALTER OPERATOR FAMILY networks USING btree ADD "
            + "OPERATOR 3 ==# (inet, macaddr), OPERATOR 3 = (macaddr, macaddr); "
            + Keys("inet", "'10.0.0.1'::inet", "networks", "macaddr") + "; ALTER OPERATOR FAMILY networks USING btree DROP OPERATOR 3 "
            + "(inet, "
            + "macaddr)", Refer("'08:00:2b:01:02:03'::macaddr"), Proof.Reads),
        new("the operator class of a key that is referred to", Code, Compared + Networks + Keys("cidr", Network, "networks"),
            Refer(Network, Search), Proof.Reads),
        new("the cast of a foreign key", Code, "CREATE TYPE color AS ENUM ('1'); " + Function("leak(color) RETURNS text", "'1'")
            + $"CREATE CAST (color AS text) WITH FUNCTION leak(color) AS IMPLICIT; {Keys("text", "'1'", reference: "color")}",
            Refer("'1'::color"), Proof.Reads),
        new("the equality within an array of a foreign key", Code, Equal + Keys("pair[]", $"ARRAY[{One}]"), Refer($"ARRAY[{One}]"),
            Proof.Reads) { Shared = OfEqual },
        new("the equality within a domain over an array of a foreign key", Code, $"{Equal} CREATE DOMAIN many AS pair[]; "
            + Keys("many", $"ARRAY[{One}]::many"), Refer($"ARRAY[{One}]::many"), Proof.Reads) { Shared = OfEqual },
        new("the equality within a row of a foreign key", Code, $"{Equal} CREATE TYPE outer_pair AS (p pair); "
            + Keys("outer_pair", $"row({One})::outer_pair"), Refer($"row({One})::outer_pair"), Proof.Reads) { Shared = OfEqual },
        new("the comparison within arrays of a range of a foreign key", Code, $"{Ordered} CREATE TYPE span AS RANGE (SUBTYPE = pair[]); "
            + Keys("span", $"span(ARRAY[{One}], NULL)"), Refer($"span(ARRAY[{One}], NULL)"), Proof.Reads) { Shared = OfOrdered },
        new("the operator class of a range of a foreign key", Code, $"{Compared} {Networks} CREATE TYPE span AS RANGE (SUBTYPE = cidr, "
            + $"SUBTYPE_OPCLASS = networks); {Keys("span", $"span({Network}, NULL)")}", Refer($"span({Network}, NULL)"), Proof.Reads),
        new("the equality within an array in a constraint", Code, $"{Equal} {Notes} ALTER TABLE notes ADD p pair[] DEFAULT "
            + $"ARRAY[{One}], ADD "
            + $"CHECK (p = p) {Key} {Cascade} {Grant}", Renumber, Proof.Reads) { Shared = OfEqual },
        new("the equality within an array in a constraint of the whole row", Code, $"{Equal} {Notes} ALTER TABLE notes ADD p pair[] "
            + "DEFAULT "
            + $"ARRAY[{One}], ADD CHECK (notes = notes) {Key} {Cascade} {Grant}", Renumber, Proof.Reads) { Shared = OfEqual },
        new("the comparison within an array in an index", Code, $"{Ordered} {Notes} ALTER TABLE notes ADD p pair[] DEFAULT ARRAY[{One}]; "
            + $"CREATE INDEX ON notes (p, order_id) {Key} {Cascade} {Grant}", Renumber, Proof.Reads) { Shared = OfOrdered },
        new("the operator class of a partition key", Code, Function("same(inet, inet) RETURNS boolean", "true") + "CREATE OPERATOR ==# "
            + "(FUNCTION = same, LEFTARG = inet, RIGHTARG = inet); CREATE OPERATOR CLASS networks FOR TYPE inet USING btree AS OPERATOR "
            + "1 <, "
            + "OPERATOR 3 ==#, FUNCTION 1 network_cmp(inet, inet); CREATE TABLE notes (tenant_id text NOT NULL, order_id int, k cidr "
            + "DEFAULT "
            + $"{Network}) PARTITION BY LIST (k networks); CREATE TABLE notes_1 PARTITION OF notes FOR VALUES IN ({Network}); ALTER TABLE "
            + "notes OWNER TO $owner; ALTER TABLE notes_1 OWNER TO $owner; $enable(notes) ALTER TABLE notes_1 ADD FOREIGN KEY (tenant_id, "
            + $"order_id) REFERENCES orders {Cascade} {Grant}", Renumber, Proof.Reads),
        new("the canonical form of a range in a constraint", Code, "CREATE TYPE span; CREATE FUNCTION leak(span) RETURNS span LANGUAGE "
            + $"internal IMMUTABLE AS 'int4range_canonical'; {Span}, CANONICAL = leak); {Notes} ALTER TABLE notes ADD s span DEFAULT "
            + "'[1,2)', ADD CHECK ((s * s) IS NOT NULL); " + Function("leak(span) RETURNS span", "$1")
                .Replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", StringComparison.Ordinal) + $"{Key} {Cascade} {Grant}", Renumber,
            Proof.Reads),
        new("the difference of a range in an index", Code, Function("leak(int, int) RETURNS float8", "$1 - $2")
            + $"{Span}, SUBTYPE_DIFF = leak); {Notes} ALTER TABLE notes ADD s span; CREATE INDEX ON notes USING gist (s); CREATE INDEX "
            + "ON notes "
            + $"(order_id) {Key} {Cascade} {Grant}", "INSERT INTO orders VALUES ('b', 30, 'x')\nINSERT INTO notes SELECT 'b', 30, NULL, "
            + "span(i, i + 1) FROM generate_series(1, 500) i\nUPDATE orders SET id = 31 WHERE id = 30", Proof.Reads),
    ];

    private static string Keys(string type, string value, string operators = "", string? reference = null) => Tables
        .Replace("$k", type, StringComparison.Ordinal)
        .Replace("$c", operators, StringComparison.Ordinal)
        .Replace("$r", reference ?? type, StringComparison.Ordinal)
        .Replace("$v", value, StringComparison.Ordinal);

    private static string Refer(string value, string plan = Scan) => $"{plan}INSERT INTO refers VALUES ('b', {value})";
}
