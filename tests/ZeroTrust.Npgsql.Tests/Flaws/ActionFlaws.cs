namespace ZeroTrust.Npgsql.Tests.Flaws;

/// <summary>Expressions that foreign keys evaluate as the owner of a table, past its policies.</summary>
internal static class ActionFlaws
{
    private const string Code = "npgsql.function_privileged";
    private const string Raise = "LANGUAGE plpgsql IMMUTABLE AS $f$ BEGIN IF (SELECT count(*) FROM public.orders WHERE tenant_id = 'a') "
        + "> 0 "
        + "THEN RAISE EXCEPTION '%', (SELECT string_agg(product, ',') FROM public.orders); END IF; RETURN $r; END $f$; ";

    internal const string Notes = "CREATE TABLE notes (tenant_id text NOT NULL, order_id int, text text); ALTER TABLE notes OWNER TO "
        + "$owner; ";
    internal const string Key = "; $enable(notes) ALTER TABLE notes ADD FOREIGN KEY (tenant_id, order_id) REFERENCES orders ";
    internal const string Grant = "; GRANT SELECT, INSERT ON notes TO $app";
    internal const string Cascade = "ON UPDATE CASCADE";
    internal const string Renumber = "INSERT INTO orders VALUES ('b', 30, 'x')\nINSERT INTO notes VALUES ('b', 30)\nUPDATE orders SET id "
        + "= 31 "
        + "WHERE id = 30";

    internal const string Remove = "INSERT INTO orders VALUES ('b', 30, 'x')\nINSERT INTO notes VALUES ('b', 30)\nDELETE FROM orders "
        + "WHERE id "
        + "= 30";

    internal static readonly Flaw[] All =
    [
        new("a constraint of a row whose key is carried on", Code, Function("leak(int) RETURNS boolean", "true")
            + $"{Notes} ALTER TABLE notes ADD CHECK (order_id < 31 OR leak(order_id)) {Key} {Cascade} {Grant}", Renumber, Proof.Reads),
        new("a generated column of such a row", Code, Function("leak(int) RETURNS text", "''") + $"{Notes} ALTER TABLE notes ADD g text "
            + $"GENERATED ALWAYS AS (CASE WHEN order_id > 30 THEN leak(order_id) END) STORED {Key} {Cascade} "
            + $"{Grant}", Renumber, Proof.Reads),
        new("an index of such a row", Code, Function("leak(int) RETURNS int", "1") + $"{Notes} CREATE INDEX ON notes ((CASE WHEN "
            + "order_id > "
            + $"30 THEN leak(order_id) END)) {Key} {Cascade} {Grant}", Renumber, Proof.Reads),
        new("the predicate of an index of such a row", Code, Function("leak(int) RETURNS boolean", "true") + $"{Notes} CREATE INDEX ON "
            + "notes "
            + $"(text) WHERE order_id < 31 OR leak(order_id) {Key} {Cascade} {Grant}", Renumber, Proof.Reads),
        new("an operator in a constraint of such a row", Code, Function("leak(int, int) RETURNS boolean", "true") + "CREATE OPERATOR !!! "
            + "(FUNCTION = leak, LEFTARG = int, RIGHTARG = int); "
            + $"{Notes} ALTER TABLE notes ADD CHECK (order_id < 31 OR order_id !!! 1) {Key} {Cascade} {Grant}", Renumber, Proof.Reads),
        new("a constraint of a partition", Code, Function("leak(int) RETURNS boolean", "true") + "CREATE TABLE notes (tenant_id text "
            + "NOT NULL, "
            + "order_id int, text text) PARTITION BY LIST (tenant_id); CREATE TABLE notes_all PARTITION OF notes DEFAULT; ALTER TABLE "
            + "notes_all "
            + "ADD CHECK (order_id < 31 OR leak(order_id)); ALTER TABLE notes OWNER TO $owner; ALTER TABLE notes_all OWNER TO $owner "
            + $"{Key} {Cascade} {Grant}", Renumber, Proof.Reads),
        new("a domain of such a column", Code, Function("leak(int) RETURNS boolean", "true") + "CREATE DOMAIN number AS int CHECK "
            + "(VALUE IS "
            + "NOT NULL AND VALUE < 31 OR leak(VALUE)); "
            + $"{Notes} ALTER TABLE notes ALTER order_id TYPE number {Key} ON DELETE SET NULL (order_id) {Grant}", Remove, Proof.Reads),
        new("the domain of a value in such a constraint", Code, Function("leak(int) RETURNS boolean", "true") + "CREATE DOMAIN number "
            + "AS int "
            + $"CHECK (leak(VALUE)); {Notes} ALTER TABLE notes ADD CHECK (order_id < 31 OR order_id::number > 0) {Key} {Cascade} {Grant}",
            Renumber, Proof.Reads),
        new("an operator in the domain of such a value", Code, Function("leak(int, int) RETURNS boolean", "true") + "CREATE OPERATOR !!! "
            + "(FUNCTION = leak, LEFTARG = int, RIGHTARG = int); CREATE DOMAIN number AS int CHECK (VALUE !!! 1); "
            + $"{Notes} ALTER TABLE notes ADD CHECK (order_id < 31 OR order_id::number > 0) {Key} {Cascade} "
            + $"{Grant}", Renumber, Proof.Reads),
        new("a default that an action sets", Code, Function("leak() RETURNS int", "NULL") + $"{Notes} ALTER TABLE notes ALTER order_id SET "
            + $"DEFAULT leak() {Key} ON DELETE SET DEFAULT (order_id) {Grant}", Remove, Proof.Reads),
        new("the condition of a trigger after an action", Code, Function("leak(int) RETURNS boolean", "true") + "CREATE FUNCTION stamp() "
            + "RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN NULL; END $f$; "
            + $"{Notes} CREATE TRIGGER stamp AFTER DELETE ON notes FOR EACH ROW WHEN (leak(old.order_id)) EXECUTE FUNCTION stamp() {Key} "
            + $"ON DELETE CASCADE {Grant}", Remove, Proof.Reads),
        new("the condition of a trigger after a change", Code, Function("leak(int) RETURNS boolean", "true") + "CREATE FUNCTION stamp() "
            + "RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN NULL; END $f$; "
            + $"{Notes} CREATE TRIGGER stamp AFTER UPDATE ON notes FOR EACH ROW WHEN (leak(new.order_id)) EXECUTE FUNCTION stamp() {Key} "
            + $"{Cascade} {Grant}", Renumber, Proof.Reads),
        new("the partition key of a table whose partition an action writes", Code, Function("leak(int) RETURNS int", "1") + "CREATE TABLE "
            + "notes (tenant_id text NOT NULL, order_id int, text text) PARTITION BY LIST ((leak(order_id))); CREATE TABLE notes_1 "
            + "PARTITION OF notes FOR VALUES IN (1); ALTER TABLE notes OWNER TO $owner; ALTER TABLE notes_1 OWNER TO $owner; "
            + "$enable(notes) ALTER TABLE notes_1 ADD FOREIGN KEY (tenant_id, order_id) REFERENCES orders "
            + $"{Cascade} {Grant}", Renumber, Proof.Reads),
        new("a rule of a table that an action writes", "npgsql.trigger_privileged", $"{Notes} CREATE RULE more AS ON DELETE TO notes DO "
            + "ALSO "
            + $"UPDATE orders SET product = upper(product) {Key} ON DELETE CASCADE; INSERT INTO orders VALUES ('b', 2, 'x'); INSERT "
            + "INTO notes VALUES ('b', 2)",
            "DELETE FROM lines\nDELETE FROM orders WHERE id = 2", Proof.Changes),
    ];

    internal static string Function(string signature, string answer) => $"CREATE FUNCTION {signature} "
        + Raise.Replace("$r", answer, StringComparison.Ordinal);
}
