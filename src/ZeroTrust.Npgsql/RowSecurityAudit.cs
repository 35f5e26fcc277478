using Npgsql;
using ZeroTrust.Npgsql.Audit;
using ZeroTrust.Npgsql.Internal;

namespace ZeroTrust.Npgsql;

/// <summary>Reads the catalogs of a database for ways round the tenant. Runs at start; call it from a deployment check too.</summary>
public static class RowSecurityAudit
{
    /// <summary>Audits the database as the role of a data source sees it, and every role it may act as.</summary>
    /// <param name="source">The data source the service uses.</param>
    /// <param name="options">What is declared.</param>
    /// <param name="cancellationToken">Ends the audit.</param>
    /// <returns>Everything that was found, not the first of it.</returns>
    /// <exception cref="NpgsqlException">The database cannot be reached or read.</exception>
    /// <exception cref="RejectionException">There is more than the audit reads: <c>npgsql.audit_failed</c>.</exception>
    public static async Task<RowSecurityReport> RunAsync(NpgsqlDataSource source, RowLevelSecurityOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return await RunAsync(connection, options, session => AuditAsync(session, PoolingCheck.Check(source, options.Pooler)),
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Audits the role of a data source that reads across tenants: it may read, and do nothing else, whatever SQL it is given.
    /// </summary>
    /// <param name="source">The data source that <c>WithGrant</c> or <c>AllowCrossTenantReads</c> is given.</param>
    /// <param name="options">What is declared.</param>
    /// <param name="cancellationToken">Ends the audit.</param>
    /// <returns>Everything that was found.</returns>
    /// <exception cref="NpgsqlException">The database cannot be reached or read.</exception>
    public static async Task<RowSecurityReport> RunForGrantAsync(NpgsqlDataSource source, RowLevelSecurityOptions options,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return await RunForGrantAsync(connection, options, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Refuses an open connection whose role may do more than read across tenants. For integrations that open connections of their own.
    /// </summary>
    /// <param name="connection">The connection, outside of a transaction.</param>
    /// <param name="options">What is declared.</param>
    /// <param name="cancellationToken">Ends the audit.</param>
    /// <returns>Nothing, when the role may read and do nothing else.</returns>
    /// <exception cref="RejectionException">The role may do more, <c>npgsql.grant_writes</c>, or could not be audited,
    /// <c>npgsql.audit_failed</c>.</exception>
    public static Task RequireForGrantAsync(NpgsqlConnection connection, RowLevelSecurityOptions options,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(options);
        return GrantedRole.RequireAsync(stop => RunForGrantAsync(connection, options, stop), options.AuditTimeout, cancellationToken);
    }

    private static Task<RowSecurityReport> RunForGrantAsync(NpgsqlConnection connection, RowLevelSecurityOptions options,
        CancellationToken cancellationToken) =>
        RunAsync(connection, options, async session => new RowSecurityReport(await GrantAudit.RunAsync(session).ConfigureAwait(false),
            [], []), cancellationToken);

    private static async Task<RowSecurityReport> RunAsync(
        NpgsqlConnection connection, RowLevelSecurityOptions options, Func<AuditSession, Task<RowSecurityReport>> audit,
            CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await ResetAsync(connection, transaction, options.Pooler, cancellationToken).ConfigureAwait(false);
            var session = new AuditSession(connection, options, cancellationToken);
            await session.BeginAsync().ConfigureAwait(false);
            var report = await audit(session).ConfigureAwait(false);
            return report with { Findings = session.Findings, Accepted = session.Accepted };
        }
    }

    // Behind a pooler the session may have served SQL of anybody's making, which the catalogs are not to be read through.
    private static async Task ResetAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Pooler pooler, CancellationToken cancellationToken)
    {
        if (pooler != Pooler.None)
        {
            var reset = TenantLead.CreateReset(connection, transaction);
            await using (reset.ConfigureAwait(false))
            {
                await reset.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<RowSecurityReport> AuditAsync(AuditSession session, Rejection? pooling)
    {
        var options = session.Options;
        session.Find(pooling);
        var isPooled = await PoolingCheck.IsPooledAsync(session).ConfigureAwait(false);
        if (isPooled && options.Pooler == Pooler.None)
        {
            session.Find(NpgsqlRejections.Refuse(NpgsqlRejectionReason.PoolerUndeclared, $"A pooler stands between; declare it in "
                + $"{RowLevelSecurityOptions.SectionName}:{nameof(options.Pooler)}."));
        }

        var role = await RoleAudit.RunAsync(session).ConfigureAwait(false);
        await SettingAudit.RunAsync(session).ConfigureAwait(false);
        await RoleAudit.CheckOwnedAsync(session).ConfigureAwait(false);
        await PrivilegeAudit.RunAsync(session, isPooled || options.Pooler != Pooler.None).ConfigureAwait(false);
        await SequenceAudit.RunAsync(session).ConfigureAwait(false);
        var relations = await RelationAudit.RunAsync(session).ConfigureAwait(false);
        await PolicyAudit.RunAsync(session, relations).ConfigureAwait(false);
        await IndexAudit.RunAsync(session, relations).ConfigureAwait(false);
        var actedOn = await ReferenceAudit.RunAsync(session, relations).ConfigureAwait(false);
        await FunctionAudit.RunAsync(session, relations, actedOn).ConfigureAwait(false);
        await TenantFunctionAudit.RunAsync(session).ConfigureAwait(false);
        return new RowSecurityReport(role, [.. relations.Confined], []);
    }
}
