namespace ZeroTrust.Npgsql.Audit;

/// <summary>Foreign keys: neither their checks nor their actions are bound by policies.</summary>
internal static class ReferenceAudit
{
    internal static async Task RunAsync(AuditSession session, AuditedRelations relations)
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
            CheckTenant(session, relations, key);
            CheckDefaults(session, relations, key);
        }

        CheckActions(session, relations, keys);
    }

    private static void CheckTenant(AuditSession session, AuditedRelations relations, AuditedForeignKey key)
    {
        if (relations.TenantColumns.TryGetValue(key.Principal, out var principal))
        {
            if (!(relations.TenantColumns.TryGetValue(key.Table, out var own) && key.Contains(own, principal)))
            {
                session.Find(
                    NpgsqlRejectionReason.ReferenceUnconfined, key.TableName, $"{key.Name} refers to {key.PrincipalName} without the tenant. Put the tenant into it (RowSecuritySql.AddForeignKey).");
            }
        }
        else if (relations.ById.TryGetValue(key.Table, out var table) && table.Written && !relations.ById.ContainsKey(key.Principal)
            && !session.IsShared(key.PrincipalName) && !session.IsExcluded(key.PrincipalSchema))
        {
            session.Find(
                NpgsqlRejectionReason.ReferenceUnconfined,
                key.TableName,
                $"{key.Name} tells which rows {key.PrincipalName} has, which the role may not read. Give that table the tenant, or list it in {nameof(RowLevelSecurityOptions.SharedObjects)}.");
        }
    }

    // SET DEFAULT would give the row to the default's tenant.
    private static void CheckDefaults(AuditSession session, AuditedRelations relations, AuditedForeignKey key)
    {
        if (relations.TenantColumns.TryGetValue(key.Table, out var tenant)
            && key.Columns.Contains(tenant, StringComparer.Ordinal)
            && (key.OnUpdate == "d" || (key.OnDelete == "d" && (key.DeleteSetsColumns.Length == 0 || key.DeleteSetsColumns.Contains(tenant, StringComparer.Ordinal)))))
        {
            session.Find(NpgsqlRejectionReason.ReferentialActionUnconfined, key.TableName, $"{key.Name} sets {tenant} to its default, and so gives rows to another tenant. Name the other columns: SET DEFAULT (...).");
        }
    }

    // From rows without a tenant that the role may delete or whose keys it may change, along every action, to rows that are not shared.
    private static void CheckActions(AuditSession session, AuditedRelations relations, List<AuditedForeignKey> keys)
    {
        var byPrincipal = keys.Where(key => !relations.TenantColumns.ContainsKey(key.Principal)).ToLookup(key => key.Principal);
        var pending = new Queue<AuditedForeignKey>(keys.Where(key =>
            !relations.TenantColumns.ContainsKey(key.Principal) && ((key.DeleteActs && key.MayDelete) || (key.UpdateActs && key.MayUpdate))));
        var seen = new HashSet<AuditedForeignKey>(pending);
        while (pending.TryDequeue(out var key))
        {
            if (!session.IsShared(key.TableName))
            {
                session.Find(
                    NpgsqlRejectionReason.ReferentialActionUnconfined,
                    key.TableName,
                    $"{key.Name} deletes or changes its rows, of all tenants, when the role deletes or changes one of {key.PrincipalName}. Use NO ACTION, or REVOKE DELETE and UPDATE there.");
            }

            foreach (var next in byPrincipal[key.Table].Where(next => (next.DeleteActs || next.UpdateActs) && seen.Add(next)))
            {
                pending.Enqueue(next);
            }
        }
    }
}
