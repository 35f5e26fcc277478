namespace ZeroTrust.Npgsql.Tests.Flaws;

/// <summary>Rights by which one tenant sets what counts for all.</summary>
internal static class SequenceFlaws
{
    private const string Code = "npgsql.privilege_excessive";
    private const string Numbers = "CREATE SEQUENCE numbers START 100; GRANT USAGE ON SEQUENCE numbers TO $app; ";
    private const string Back = "SELECT setval('numbers', 1, false)\n";
    private const string Overwrite = "a> INSERT INTO orders VALUES ('a', nextval('numbers'), 'other') ON CONFLICT (tenant_id, id) DO "
        + "UPDATE "
        + "SET product = excluded.product";

    internal static readonly Flaw[] All =
    [
        new("all rights to all sequences", Code, $"{Numbers} GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO $app", $"{Back}{Overwrite}",
            Proof.Changes),
        new("a right of a group to set a sequence", Code, $"{Numbers} CREATE ROLE $x; GRANT UPDATE ON SEQUENCE numbers TO $x; GRANT $x TO "
            + "$app", $"{Back}{Overwrite}", Proof.Changes),
        new("a right of a group, not inherited, to set a sequence", Code, $"{Numbers} CREATE ROLE $x; GRANT UPDATE ON SEQUENCE numbers TO "
            + "$x; ALTER ROLE $app NOINHERIT; GRANT $x TO $app", $"SET ROLE $x\n{Back}{Overwrite}", Proof.Changes),
        new("a right of everybody to set a sequence", Code, $"{Numbers} GRANT UPDATE ON SEQUENCE numbers TO PUBLIC", $"{Back}{Overwrite}",
            Proof.Changes),
        new("the owner of a sequence", Code, $"{Numbers} ALTER SEQUENCE numbers OWNER TO $app", $"{Back}{Overwrite}", Proof.Changes),
        new("a sequence that can be set by its number alone", Code, "CREATE SCHEMA hidden; CREATE SEQUENCE hidden.numbers; ALTER TABLE "
            + "lines ALTER id SET DEFAULT nextval('hidden.numbers'); GRANT UPDATE ON SEQUENCE hidden.numbers TO $app",
            "SELECT setval((SELECT oid FROM pg_class WHERE relname = 'numbers')::regclass, 1, false)\na> INSERT INTO lines (tenant_id, "
            + "order_id, text) VALUES ('a', 1, 'x')", Proof.Knows),
        new("the sequence of an identity column", Code, "ALTER TABLE lines ALTER id ADD GENERATED ALWAYS AS IDENTITY (START 100); GRANT "
            + "UPDATE ON SEQUENCE lines_id_seq TO $app", "SELECT setval('lines_id_seq', 1, false)\na> INSERT INTO lines (tenant_id, "
            + "order_id, text) VALUES ('a', 1, 'x')", Proof.Knows),
    ];
}
