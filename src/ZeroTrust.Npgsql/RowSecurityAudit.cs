using System.Text.RegularExpressions;
using Npgsql;
using ZeroTrust.Npgsql.Internal;

namespace ZeroTrust.Npgsql;

/// <summary>Reads the catalogs of a database for ways round the tenant. Runs at start; call it from a deployment check too.</summary>
public static partial class RowSecurityAudit
{
    private const string ProbeTenant = "zerotrust-probe";

    /// <summary>Audits the database as the role of a data source sees it.</summary>
    /// <param name="source">The data source the service uses.</param>
    /// <param name="options">What is declared.</param>
    /// <param name="cancellationToken">Ends the audit.</param>
    /// <returns>Everything that was found, not the first of it.</returns>
    /// <exception cref="NpgsqlException">The database cannot be reached or read.</exception>
    public static async Task<RowSecurityReport> RunAsync(NpgsqlDataSource source, RowLevelSecurityOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        var findings = new List<Rejection>();
        if (PoolingCheck.Check(source, options.Pooler) is { } unsafePooling)
        {
            findings.Add(unsafePooling);
        }

        var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                await ResetAsync(connection, options, cancellationToken).ConfigureAwait(false);
                var role = await CheckRoleAsync(connection, options, findings, cancellationToken).ConfigureAwait(false);
                var schemas = options.Schemas.Count == 0 ? ["public"] : options.Schemas.ToArray();
                var relations = await ReadRelationsAsync(connection, schemas, cancellationToken).ConfigureAwait(false);
                relations.RemoveAll(relation => options.SharedObjects.Contains(relation.ToString(), StringComparer.Ordinal));
                await CheckPoliciesAsync(connection, relations, findings, cancellationToken).ConfigureAwait(false);
                CheckRelations(relations, findings);
                await CheckForeignKeysAsync(connection, relations, findings, cancellationToken).ConfigureAwait(false);
                await CheckIndexesAsync(connection, relations, findings, cancellationToken).ConfigureAwait(false);
                await CheckFunctionsAsync(connection, options, findings, cancellationToken).ConfigureAwait(false);
                await CheckTenantFunctionAsync(connection, options, findings, cancellationToken).ConfigureAwait(false);
                return new RowSecurityReport(
                    role, [.. relations.Where(relation => relation is { TenantColumn: not null, Enabled: true, Forced: true }).Select(relation => relation.ToString())], findings);
            }
        }
    }

    // Behind a pooler the session may have served SQL of anybody's making, which the catalogs are not to be read through.
    private static async Task ResetAsync(NpgsqlConnection connection, RowLevelSecurityOptions options, CancellationToken cancellationToken)
    {
        if (options.Pooler != Pooler.None)
        {
            var reset = TenantLead.CreateReset(connection, transaction: null);
            await using (reset.ConfigureAwait(false))
            {
                await reset.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<string> CheckRoleAsync(NpgsqlConnection connection, RowLevelSecurityOptions options, List<Rejection> findings, CancellationToken cancellationToken)
    {
        var (role, privileged, process) = (await ReadAsync(connection, Catalog.Role, parameter: null, row => (row.GetString(0), row.GetString(1), row.GetInt32(2)), cancellationToken).ConfigureAwait(false))[0];
        if (privileged.Length > 0)
        {
            findings.Add(NpgsqlRejections.Refuse(NpgsqlRejectionReason.RolePrivileged, $"{role} is, or may become, {privileged}, which no policy binds."));
        }

        if (process != connection.ProcessID && options.Pooler == Pooler.None)
        {
            findings.Add(NpgsqlRejections.Refuse(NpgsqlRejectionReason.PoolerUndeclared, $"A pooler stands between; declare it in {RowLevelSecurityOptions.SectionName}:{nameof(options.Pooler)}."));
        }

        return role;
    }

    private static Task<List<AuditedRelation>> ReadRelationsAsync(NpgsqlConnection connection, string[] schemas, CancellationToken cancellationToken) => ReadAsync(
        connection,
        Catalog.Relations,
        schemas,
        row => new AuditedRelation(
            row.GetFieldValue<uint>(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetBoolean(4), row.GetBoolean(5), row.GetBoolean(6), row.GetBoolean(7), row.GetBoolean(8)),
        cancellationToken);

    private static async Task CheckPoliciesAsync(NpgsqlConnection connection, List<AuditedRelation> relations, List<Rejection> findings, CancellationToken cancellationToken)
    {
        var policies = await ReadAsync(
            connection,
            Catalog.Policies,
            Ids(relations),
            row => (Table: row.GetFieldValue<uint>(0), Name: row.GetString(1), Command: row.GetString(2), Using: Text(row, 3), Check: Text(row, 4)),
            cancellationToken).ConfigureAwait(false);
        foreach (var policy in policies)
        {
            var relation = relations.Single(relation => relation.Id == policy.Table);
            if (policy is { Name: RowSecuritySql.Policy, Command: "*" } && policy.Using == policy.Check && OwnPolicy().Match(policy.Using ?? string.Empty) is { Success: true } match)
            {
                relation.TenantColumn = match.Groups["column"].Value.Trim('"').Replace("\"\"", "\"", StringComparison.Ordinal);
            }
            else
            {
                findings.Add(NpgsqlRejections.Refuse(NpgsqlRejectionReason.PolicyForeign, $"{relation}: policy {policy.Name} lets rows through by {policy.Using ?? policy.Check}."));
            }
        }
    }

    private static void CheckRelations(List<AuditedRelation> relations, List<Rejection> findings)
    {
        foreach (var relation in relations)
        {
            if (relation.Owned)
            {
                findings.Add(NpgsqlRejections.Refuse(NpgsqlRejectionReason.RoleOwnsTable, $"{relation}: the role owns it, or may become its owner."));
            }

            if (relation.IsTable && !(relation.Enabled && relation.Forced && relation.TenantColumn is not null))
            {
                findings.Add(NpgsqlRejections.Refuse(
                    NpgsqlRejectionReason.RowSecurityMissing,
                    $"{relation}: row-level security enabled {relation.Enabled}, forced {relation.Forced}, policy {RowSecuritySql.Policy} {relation.TenantColumn is not null}. Enable it, or list the table in {nameof(RowLevelSecurityOptions.SharedObjects)}."));
            }

            if (relation is { IsTable: true, Excessive: true })
            {
                findings.Add(NpgsqlRejections.Refuse(NpgsqlRejectionReason.PrivilegeExcessive, $"{relation}: the role holds TRUNCATE, TRIGGER or REFERENCES."));
            }

            if (!relation.IsTable && !(relation.Kind == "v" && relation.Invoker))
            {
                findings.Add(NpgsqlRejections.Refuse(NpgsqlRejectionReason.ViewUnconfined, $"{relation}: not a view with security_invoker."));
            }
        }
    }

    private static async Task CheckForeignKeysAsync(NpgsqlConnection connection, List<AuditedRelation> relations, List<Rejection> findings, CancellationToken cancellationToken)
    {
        var confined = relations.Where(relation => relation.TenantColumn is not null).ToDictionary(relation => relation.Id);
        var keys = await ReadAsync(
            connection,
            Catalog.ForeignKeys,
            Ids(relations),
            row => (Table: row.GetFieldValue<uint>(0), Principal: row.GetFieldValue<uint>(1), Name: row.GetString(2), Columns: row.GetFieldValue<string[]>(3), PrincipalColumns: row.GetFieldValue<string[]>(4)),
            cancellationToken).ConfigureAwait(false);
        foreach (var key in keys)
        {
            if (confined.TryGetValue(key.Principal, out var principal)
                && !(confined.TryGetValue(key.Table, out var own) && key.Columns.Zip(key.PrincipalColumns).Contains((own.TenantColumn!, principal.TenantColumn!))))
            {
                findings.Add(NpgsqlRejections.Refuse(NpgsqlRejectionReason.ReferenceUnconfined, $"{key.Name} refers to {principal} without the tenant."));
            }
        }
    }

    private static async Task CheckIndexesAsync(NpgsqlConnection connection, List<AuditedRelation> relations, List<Rejection> findings, CancellationToken cancellationToken)
    {
        var indexes = await ReadAsync(
            connection, Catalog.UniqueIndexes, Ids(relations), row => (Table: row.GetFieldValue<uint>(0), Name: row.GetString(1), Columns: row.GetFieldValue<string[]>(2)), cancellationToken).ConfigureAwait(false);
        foreach (var index in indexes)
        {
            var relation = relations.Single(relation => relation.Id == index.Table);
            if (relation.TenantColumn is { } tenant && !index.Columns.Contains(tenant, StringComparer.Ordinal))
            {
                findings.Add(NpgsqlRejections.Refuse(NpgsqlRejectionReason.IndexUnconfined, $"{relation}: {index.Name} is unique across tenants."));
            }
        }
    }

    private static async Task CheckFunctionsAsync(NpgsqlConnection connection, RowLevelSecurityOptions options, List<Rejection> findings, CancellationToken cancellationToken)
    {
        var functions = await ReadAsync(connection, Catalog.PrivilegedFunctions, parameter: null, row => $"{row.GetString(0)}.{row.GetString(1)}", cancellationToken).ConfigureAwait(false);
        findings.AddRange(functions
            .Except(options.SharedObjects, StringComparer.Ordinal)
            .Select(function => NpgsqlRejections.Refuse(NpgsqlRejectionReason.FunctionPrivileged, $"{function} runs with the rights of a role that no policy binds.")));
    }

    private static async Task CheckTenantFunctionAsync(NpgsqlConnection connection, RowLevelSecurityOptions options, List<Rejection> findings, CancellationToken cancellationToken)
    {
        var functions = await ReadAsync(
            connection, Catalog.TenantFunction, parameter: null, row => (Definer: row.GetBoolean(0), Pinned: row.GetBoolean(1), Replaceable: row.GetBoolean(2), KeysOpen: row.GetBoolean(3)), cancellationToken).ConfigureAwait(false);
        if (functions is not [var function])
        {
            findings.Add(Wrong("is missing: run RowSecuritySql.CreateSchema"));
            return;
        }

        if (function.Replaceable)
        {
            findings.Add(Wrong("can be replaced by the role, which owns it or may create in its schema"));
        }

        var key = options.SigningKey;
        var signed = key is not null;
        if (signed && !(function.Definer && function.Pinned && !function.KeysOpen))
        {
            findings.Add(Wrong("does not keep the keys to itself: SECURITY DEFINER, a pinned search_path, and no rights of the role to zerotrust.tenant_keys"));
            return;
        }

        var soon = TimeProvider.System.GetUtcNow().AddMinutes(1).ToUnixTimeSeconds();
        _ = TenantId.TryParse(ProbeTenant, out var tenant);
        var direct = options.Pooler == Pooler.None;
        var session = direct ? connection.ProcessID : TenantSigningKey.AnySession;
        var honest = key?.Sign(tenant, soon, session) ?? ProbeTenant;
        if (await ProbeAsync(connection, honest, cancellationToken).ConfigureAwait(false) != ProbeTenant)
        {
            findings.Add(Wrong(signed
                ? $"does not believe key {key!.Id}, or was not told of the pooler"
                : "does not answer the tenant that is set: it asks for signed ones"));
        }

        if (await ProbeAsync(connection, string.Empty, cancellationToken).ConfigureAwait(false) is not null
            || (signed && (await ProbeAsync(connection, ProbeTenant, cancellationToken).ConfigureAwait(false) is not null
                || await ProbeAsync(connection, honest[..^1] + (honest[^1] == '0' ? '1' : '0'), cancellationToken).ConfigureAwait(false) is not null)))
        {
            findings.Add(Wrong("answers a tenant that nobody proved"));
        }

        if (direct && signed
            && (await ProbeAsync(connection, key!.Sign(tenant, soon, TenantSigningKey.AnySession), cancellationToken).ConfigureAwait(false)
                ?? await ProbeAsync(connection, key.Sign(tenant, soon, session + 1), cancellationToken).ConfigureAwait(false)) is not null)
        {
            findings.Add(Wrong("believes a tenant that was signed for another session: run RowSecuritySql.CreateSchema without a pooler"));
        }
    }

    private static async Task<string?> ProbeAsync(NpgsqlConnection connection, string value, CancellationToken cancellationToken) =>
        (await ReadAsync(connection, Catalog.Probe, value, row => Text(row, 1), cancellationToken).ConfigureAwait(false))[0];

    private static Rejection Wrong(string what) => NpgsqlRejections.Refuse(NpgsqlRejectionReason.TenantFunctionWrong, $"zerotrust.tenant() {what}.");

    private static uint[] Ids(List<AuditedRelation> relations) => [.. relations.Select(relation => relation.Id)];

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static async Task<List<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, object? parameter, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // Constants of Catalog.
        var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await using (command.ConfigureAwait(false))
        {
            if (parameter is uint[] ids)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = ids, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Oid });
            }
            else if (parameter is not null)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = parameter });
            }

            var rows = new List<T>();
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    rows.Add(read(reader));
                }
            }

            return rows;
        }
    }

    // As PostgreSQL writes back the expression of RowSecuritySql.Enable, for text and for varchar.
    [GeneratedRegex("""^\(\(?(?<column>\w+|"(?:[^"]|"")+")\)?(::text)? = \( SELECT zerotrust\.tenant\(\) AS tenant\)\)$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OwnPolicy();
}
