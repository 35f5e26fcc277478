namespace ZeroTrust.Npgsql.Audit;

/// <summary>Rights to the database beside its tables: to create, to set, to reach other servers and large objects.</summary>
internal static class PrivilegeAudit
{
    internal static async Task RunAsync(AuditSession session, bool isTemporaryShared)
    {
        await CheckCreationAsync(session, isTemporaryShared).ConfigureAwait(false);
        foreach (var owner in await session.ReadAsync(Catalog.DefaultPrivileges, row => row.GetString(0),
            session.Roles).ConfigureAwait(false))
        {
            session.Find(
                NpgsqlRejectionReason.PrivilegeExcessive, $"default privileges of {owner}", "open every table it makes before the table "
                    + "has a policy. ALTER DEFAULT PRIVILEGES ... REVOKE; grant table by table.");
        }

        foreach (var (relation, rights) in await session.ReadAsync(
            Catalog.SystemRights, row => (row.GetString(0), row.GetFieldValue<string[]>(1)), session.Roles).ConfigureAwait(false))
        {
            session.Find(
                NpgsqlRejectionReason.PrivilegeExcessive, relation, $"the role holds {string.Join(", ", rights)}, which PostgreSQL does "
                    + "not give: system tables hold values of all tenants' rows and secrets of roles. REVOKE it.");
        }

        foreach (var parameter in await session.ReadAsync(Catalog.Parameters, row => row.GetString(0), session.Roles).ConfigureAwait(false))
        {
            session.Find(NpgsqlRejectionReason.PrivilegeExcessive, $"parameter {parameter}", "the role may set or alter what PostgreSQL "
                + "keeps for superusers. REVOKE SET, ALTER SYSTEM ON PARAMETER.");
        }

        foreach (var server in await session.ReadAsync(Catalog.ForeignServers, row => row.GetString(0),
            session.Roles).ConfigureAwait(false))
        {
            session.Find(NpgsqlRejectionReason.ServerReachable, server, "the role may use it and so read with another login. REVOKE "
                + "USAGE.");
        }

        foreach (var id in await session.ReadAsync(Catalog.LargeObjects, row => row.GetString(0), session.Roles).ConfigureAwait(false))
        {
            session.Find(
                NpgsqlRejectionReason.LargeObjectReachable, "large objects", $"the role may use some ({id} for one), and policies do not "
                    + "bind them. Keep such contents in a bytea column of a table with a policy.");
        }
    }

    internal static async Task CheckCreationAsync(AuditSession session, bool isTemporaryShared)
    {
        foreach (var (place, right) in await session.ReadAsync(Catalog.Creation, row => (row.GetString(0), row.GetString(1)),
            session.Roles).ConfigureAwait(false))
        {
            if (right != "TEMPORARY")
            {
                session.Find(
                    NpgsqlRejectionReason.CreationAllowed, place, "the role may create there what statements of other tenants find "
                        + "before the real object. REVOKE CREATE (RowSecuritySql.RestrictRole).");
            }
            else if (isTemporaryShared)
            {
                session.Find(
                    NpgsqlRejectionReason.CreationAllowed, "temporary objects", $"the role may make them in {place}, and a pooler leaves "
                        + "them to the next tenant. REVOKE TEMPORARY (RowSecuritySql.RestrictRole).");
            }
        }
    }
}
