using System.Text.RegularExpressions;

namespace ZeroTrust.Npgsql.Audit;

/// <summary>The tables and views in reach, and the policies of the tables.</summary>
internal static partial class RelationAudit
{
    internal static async Task<AuditedRelations> RunAsync(AuditSession session)
    {
        var relations = await ReadAsync(session).ConfigureAwait(false);
        var columns = await CheckPoliciesAsync(session, relations).ConfigureAwait(false);
        var descendants = await session.ReadAsync(
            RelationCatalog.Descendants,
            row => (Root: row.GetFieldValue<uint>(0), Id: row.GetFieldValue<uint>(1), Name: row.GetString(2),
                IsPartition: row.GetBoolean(3), HasPolicies: row.GetBoolean(4)),
            Ids(relations)).ConfigureAwait(false);
        foreach (var relation in relations)
        {
            Check(session, relation);
        }

        var byId = relations.ToDictionary(relation => relation.Id);
        foreach (var child in descendants)
        {
            if (byId[child.Root].Shared && !session.IsShared(child.Name) && (!child.IsPartition || child.HasPolicies))
            {
                session.Find(
                    NpgsqlRejectionReason.RowSecurityMissing, child.Name, $"its rows are read through {byId[child.Root]}, which is "
                        + $"shared, past its own policies. End the inheritance, or list it in "
                        + $"{nameof(RowLevelSecurityOptions.SharedObjects)} too.");
            }
        }

        return new AuditedRelations(byId, columns, descendants.ToLookup(child => child.Root, child => (child.Id, child.Name)));
    }

    internal static Task<List<AuditedRelation>> ReadAsync(AuditSession session) => session.ReadAsync(
        RelationReach.Sql,
        row => new AuditedRelation(
            row.GetFieldValue<uint>(0),
            row.GetString(1),
            row.GetString(2),
            row.GetString(3),
            row.GetBoolean(4),
            row.GetBoolean(5),
            row.GetBoolean(6),
            row.GetFieldValue<string[]>(7),
            row.GetBoolean(8),
            session.IsShared($"{row.GetString(1)}.{row.GetString(2)}")),
        session.Roles,
        session.Options.ExcludedSchemas.ToArray(),
        session.ExcessivePrivileges);

    private static uint[] Ids(List<AuditedRelation> relations) => [.. relations.Select(relation => relation.Id)];

    // The answer has the tenant's column of every table with the policy, in reach or not: foreign keys lead to the others too.
    private static async Task<Dictionary<uint, string>> CheckPoliciesAsync(AuditSession session, List<AuditedRelation> relations)
    {
        var byId = relations.ToDictionary(relation => relation.Id);
        var columns = new Dictionary<uint, string>();
        var policies = await session.ReadAsync(
            RelationCatalog.Policies,
            row => (Table: row.GetFieldValue<uint>(0), Name: row.GetString(1), Command: row.GetString(2), Using: AuditSession.Text(row,
                3), Check: AuditSession.Text(row, 4), Applies: row.GetBoolean(5)),
            session.Roles,
            RowSecuritySql.Policy,
            Ids(relations)).ConfigureAwait(false);
        foreach (var policy in policies)
        {
            var match = policy is { Name: RowSecuritySql.Policy, Command: "*" } && policy.Using == policy.Check
                ? OwnPolicy().Match(policy.Using ?? string.Empty)
                : null;
            if (match is { Success: true })
            {
                columns[policy.Table] = match.Groups["column"].Value.Trim('"').Replace("\"\"", "\"", StringComparison.Ordinal);
            }

            if (!policy.Applies || !byId.TryGetValue(policy.Table, out var relation))
            {
                continue;
            }

            relation.HasPolicy = true;
            if (relation.Shared)
            {
                continue;
            }

            if (match is { Success: true })
            {
                relation.TenantColumn = columns[policy.Table];
            }
            else
            {
                session.Find(NpgsqlRejectionReason.PolicyForeign, relation.ToString(), $"policy {policy.Name} lets rows through by "
                    + $"{policy.Using ?? policy.Check}. Drop it, make it RESTRICTIVE, or take its role from this one.");
            }
        }

        foreach (var (table, column) in await session.ReadAsync(RelationCatalog.LooseColumns, row => (row.GetFieldValue<uint>(0),
            row.GetString(1)), Ids(relations)).ConfigureAwait(false))
        {
            if (byId[table].TenantColumn == column)
            {
                session.Find(NpgsqlRejectionReason.PolicyForeign, byId[table].ToString(), $"by the type or collation of {column} two "
                    + "tenants could be equal. Make it text or varchar with a deterministic collation.");
            }
        }

        return columns;
    }

    private static void Check(AuditSession session, AuditedRelation relation)
    {
        if (relation.Excessive.Length > 0)
        {
            session.Find(NpgsqlRejectionReason.PrivilegeExcessive, relation.ToString(), $"the role holds "
                + $"{string.Join(", ", relation.Excessive)}, which no policy binds. REVOKE it.");
        }

        if (relation.Shared)
        {
            return;
        }

        if (relation.Kind == "t")
        {
            session.Find(NpgsqlRejectionReason.PrivilegeExcessive, relation.ToString(), "the role may use what holds the long values of "
                + "a table's rows, past its policies. REVOKE it.");
            return;
        }

        if (relation.IsTable && !relation.IsConfined && !relation.IsClosed)
        {
            session.Find(
                NpgsqlRejectionReason.RowSecurityMissing,
                relation.ToString(),
                $"row-level security enabled {relation.Enabled}, forced {relation.Forced}, policy {RowSecuritySql.Policy} "
                    + $"{relation.TenantColumn is not null}. Enable it, REVOKE the right to it, or list it in "
                    + $"{nameof(RowLevelSecurityOptions.SharedObjects)}.");
        }

        if (!relation.IsTable && !(relation.Kind == "v" && relation.Invoker))
        {
            session.Find(
                NpgsqlRejectionReason.ViewUnconfined,
                relation.ToString(),
                $"not a view with security_invoker. Make it one (RowSecuritySql.CreateView), REVOKE the right to it, or list it in "
                    + $"{nameof(RowLevelSecurityOptions.SharedObjects)}.");
        }
    }

    // As PostgreSQL writes back the expression of RowSecuritySql.Enable, for text and for varchar.
    [GeneratedRegex(
        """^\(\(?(?<column>\w+|"(?:[^"]|"")+")\)?(::text)? = \( SELECT zerotrust\.tenant\(\) AS tenant\)\)$""",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex OwnPolicy();
}
