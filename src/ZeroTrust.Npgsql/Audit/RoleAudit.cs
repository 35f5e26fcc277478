namespace ZeroTrust.Npgsql.Audit;

/// <summary>What the role is, and every role that its statements can become.</summary>
internal static class RoleAudit
{
    /// <summary>Fills <see cref="AuditSession.Roles"/>.</summary>
    /// <returns>The role the session logged in as.</returns>
    internal static async Task<string> RunAsync(AuditSession session)
    {
        var roles = await session.ReadAsync(
            Catalog.Roles,
            row => (Id: row.GetFieldValue<uint>(0), Name: row.GetString(1), IsSelf: row.GetBoolean(2), IsPredefined: row.GetBoolean(3),
                Attributes: row.GetFieldValue<string[]>(4))).ConfigureAwait(false);
        var self = roles[0];

        // A superuser is a member of everything: the one finding says it.
        var reached = self.Attributes.Contains("SUPERUSER") ? [self] : roles;
        foreach (var role in reached)
        {
            var how = role.IsSelf ? "the role of the data source" : $"{self.Name} is a member and may act as it";
            if (role.IsPredefined)
            {
                session.Find(NpgsqlRejectionReason.RolePrivileged, role.Name, $"a predefined role, which goes past policies; {how}. "
                    + "REVOKE it, or change the owner of the database.");
            }
            else if (role.Attributes.Length > 0)
            {
                var attributes = string.Join(", ", role.Attributes);
                session.Find(
                    NpgsqlRejectionReason.RolePrivileged, role.Name, $"has {attributes}, which policies do not bind; {how}. ALTER ROLE "
                        + $"with NO{string.Join(" NO", role.Attributes)}, or REVOKE it.");
            }
        }

        session.Roles = [.. reached.Where(role => !role.IsPredefined && !role.Attributes.Contains("SUPERUSER")).Select(role => role.Id)];
        return self.Name;
    }

    /// <summary>Whoever owns an object changes what it does for everybody.</summary>
    internal static async Task CheckOwnedAsync(AuditSession session)
    {
        foreach (var (name, isTable) in await session.ReadAsync(Catalog.Owned, row => (row.GetString(0), row.GetBoolean(1)),
            session.Roles).ConfigureAwait(false))
        {
            session.Find(
                isTable ? NpgsqlRejectionReason.RoleOwnsTable : NpgsqlRejectionReason.RoleOwnsObject,
                name,
                "the role owns it, or may become its owner, and can change it for all tenants. Give it to the role that migrates.");
        }
    }
}
