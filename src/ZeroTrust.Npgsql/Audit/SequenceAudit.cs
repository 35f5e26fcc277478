namespace ZeroTrust.Npgsql.Audit;

/// <summary>Sequences, which count for all tenants and have no policies.</summary>
internal static class SequenceAudit
{
    // $2: excluded schemas. setval takes a sequence by its number too, which asks for no right to its schema.
    private const string Settable =
        """
        SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'S' AND NOT n.nspname = ANY($2) AND n.nspname !~ '^pg_temp_'
          AND EXISTS (SELECT FROM unnest($1) r(id) WHERE has_sequence_privilege(r.id, c.oid, 'UPDATE'))
        ORDER BY 1
        """;

    private const string Defaults =
        """
        SELECT DISTINCT pg_get_userbyid(d.defaclrole)::text FROM pg_default_acl d, aclexplode(d.defaclacl) a
        WHERE d.defaclobjtype = 'S' AND NOT d.defaclrole = ANY($1) AND a.privilege_type = 'UPDATE'
          AND (a.grantee = 0 OR a.grantee = ANY($1))
        ORDER BY 1
        """;

    internal static async Task RunAsync(AuditSession session)
    {
        foreach (var sequence in await session.ReadAsync(
            Settable, row => row.GetString(0), session.Roles, session.Options.ExcludedSchemas.ToArray()).ConfigureAwait(false))
        {
            session.Find(NpgsqlRejectionReason.PrivilegeExcessive, sequence, "the role holds UPDATE of a sequence, by which setval gives "
                + "ids of other tenants' rows out again. REVOKE UPDATE; USAGE is enough for nextval, and an identity column needs "
                + "neither.");
        }

        foreach (var owner in await session.ReadAsync(Defaults, row => row.GetString(0), session.Roles).ConfigureAwait(false))
        {
            session.Find(NpgsqlRejectionReason.PrivilegeExcessive, $"default privileges of {owner} on sequences", "give UPDATE of every "
                + "sequence it makes. ALTER DEFAULT PRIVILEGES ... REVOKE UPDATE ON SEQUENCES.");
        }
    }
}
