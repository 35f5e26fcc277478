namespace ZeroTrust.Npgsql.Audit;

/// <summary>Foreign keys: neither their checks nor their actions are bound by policies.</summary>
internal static class ReferenceAudit
{
    /// <returns>The tables that actions of foreign keys write when the role writes another.</returns>
    internal static async Task<ActedOn> RunAsync(AuditSession session, AuditedRelations relations)
    {
        var keys = await session.ReadAsync(
            RelationCatalog.ForeignKeys,
            row => new AuditedForeignKey(
                row.GetString(0),
                row.GetFieldValue<uint>(1),
                row.GetFieldValue<uint>(2),
                row.GetString(3),
                row.GetString(4),
                row.GetString(5),
                row.GetString(6),
                row.GetString(7),
                row.GetString(8),
                row.GetFieldValue<string[]>(9),
                row.GetFieldValue<string[]>(10),
                row.GetFieldValue<string[]>(11),
                row.GetBoolean(12),
                row.GetBoolean(13)),
            session.Roles).ConfigureAwait(false);
        foreach (var key in keys)
        {
            CheckTenant(session, relations, key, keys);
            CheckDefaults(session, relations, key);
        }

        var unconfined = Actions(keys, key => !relations.TenantColumns.ContainsKey(key.Principal));
        foreach (var key in unconfined.Where(key => !session.IsShared(key.TableName)))
        {
            session.Find(
                NpgsqlRejectionReason.ReferentialActionUnconfined,
                key.TableName,
                $"{key.Name} deletes or changes its rows, of all tenants, when the role deletes or changes one of {key.PrincipalName}. "
                    + "Use NO ACTION, or REVOKE DELETE and UPDATE there.");
        }

        var actions = Actions(keys, _ => true);
        var partitions = (await session.ReadAsync(
            RelationCatalog.Descendants,
            row => (Root: row.GetFieldValue<uint>(0), Id: row.GetFieldValue<uint>(1), IsPartition: row.GetBoolean(3)),
            actions.Select(key => key.Table).Distinct().ToArray()).ConfigureAwait(false))
            .Where(child => child.IsPartition).ToLookup(child => child.Root, child => child.Id);
        return new ActedOn(
            Tables(key => key.DeleteCascades),
            Tables(key => key.UpdateActs || (key.DeleteActs && !key.DeleteCascades)),
            Tables(key => key.OnUpdate == "d" || key.OnDelete == "d"));

        uint[] Tables(Func<AuditedForeignKey, bool> chosen) =>
            [.. actions.Where(chosen).SelectMany(key => partitions[key.Table].Append(key.Table)).Distinct()];
    }

    private static void CheckTenant(AuditSession session, AuditedRelations relations, AuditedForeignKey key, List<AuditedForeignKey> keys)
    {
        if (relations.TenantColumns.TryGetValue(key.Principal, out var principal))
        {
            var own = relations.TenantColumns.GetValueOrDefault(key.Table);
            if (own is null || !key.Contains(own, principal))
            {
                var successor = own is null ? null
                    : keys.Find(other => other.Table == key.Table && other.Principal == key.Principal && other.Contains(own, principal));
                session.Find(
                    NpgsqlRejectionReason.ReferenceUnconfined, key.TableName, $"{key.Name} refers to {key.PrincipalName} without the "
                        + (successor is null ? "tenant. Put the tenant into it (RowSecuritySql.AddForeignKey)."
                            : $"tenant, beside {successor.Name}, which has it: ALTER TABLE {key.TableName} DROP CONSTRAINT {key.Name}."));
            }
        }
        else if (relations.ById.TryGetValue(key.Table, out var table) && table.Written && !relations.IsReadable(key.Principal)
            && !session.IsShared(key.PrincipalName) && !session.IsExcluded(key.PrincipalSchema))
        {
            session.Find(
                NpgsqlRejectionReason.ReferenceUnconfined,
                key.TableName,
                $"{key.Name} tells which rows {key.PrincipalName} has, which the role may not read. Give that table the tenant, or list "
                    + $"it in {nameof(RowLevelSecurityOptions.SharedObjects)}.");
        }
    }

    // SET DEFAULT would give the row to the default's tenant.
    private static void CheckDefaults(AuditSession session, AuditedRelations relations, AuditedForeignKey key)
    {
        if (relations.TenantColumns.TryGetValue(key.Table, out var tenant)
            && key.Columns.Contains(tenant, StringComparer.Ordinal)
            && (key.OnUpdate == "d" || (key.OnDelete == "d" && key.DeleteSets(tenant))))
        {
            session.Find(NpgsqlRejectionReason.ReferentialActionUnconfined, key.TableName, $"{key.Name} sets {tenant} to its default, "
                + "and so gives rows to another tenant. Name the other columns: SET DEFAULT (...).");
        }
    }

    // What the role sets off by deleting rows or changing their keys, and what that sets off.
    private static HashSet<AuditedForeignKey> Actions(List<AuditedForeignKey> keys, Func<AuditedForeignKey, bool> chosen)
    {
        var byPrincipal = keys.Where(key => (key.DeleteActs || key.UpdateActs) && chosen(key)).ToLookup(key => key.Principal);
        var pending = new Queue<AuditedForeignKey>(byPrincipal.SelectMany(group => group).Where(key => (key.DeleteActs && key.MayDelete)
            || (key.UpdateActs && key.MayUpdate)));
        var found = new HashSet<AuditedForeignKey>(pending);
        while (pending.TryDequeue(out var key))
        {
            foreach (var next in byPrincipal[key.Table].Where(found.Add))
            {
                pending.Enqueue(next);
            }
        }

        return found;
    }
}
