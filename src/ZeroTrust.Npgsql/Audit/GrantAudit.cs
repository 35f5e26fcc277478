namespace ZeroTrust.Npgsql.Audit;

/// <summary>Whether a role that reads across tenants can do nothing but read.</summary>
internal static class GrantAudit
{
    internal static async Task<string> RunAsync(AuditSession session)
    {
        var role = await RoleAudit.RunAsync(session).ConfigureAwait(false);
        await RoleAudit.CheckOwnedAsync(session).ConfigureAwait(false);
        await PrivilegeAudit.RunAsync(session, isTemporaryShared: true).ConfigureAwait(false);
        foreach (var (name, rights) in await session.ReadAsync(
            GrantCatalog.Writable, row => (row.GetString(0), row.GetFieldValue<string[]>(1)), session.Roles,
                session.ExcessivePrivileges).ConfigureAwait(false))
        {
            session.Find(NpgsqlRejectionReason.GrantWrites, name, $"a role that reads across tenants holds {string.Join(", ", rights)}. "
                + "Leave it SELECT alone.");
        }

        var relations = await RelationAudit.ReadAsync(session).ConfigureAwait(false);
        uint[] ids = [.. relations.Select(relation => relation.Id)];
        await FunctionAudit.CheckDefinersAsync(session, ids).ConfigureAwait(false);
        await FunctionAudit.CheckBeyondAsync(session).ConfigureAwait(false);
        return role;
    }
}
