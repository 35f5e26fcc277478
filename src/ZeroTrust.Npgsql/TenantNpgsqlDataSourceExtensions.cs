using Npgsql;
using ZeroTrust.Authz;
using ZeroTrust.Npgsql.Internal;

namespace ZeroTrust.Npgsql;

/// <summary>Connections of one context, from an ordinary data source.</summary>
public static class TenantNpgsqlDataSourceExtensions
{
    /// <summary>A data source whose connections carry the tenant of a context with every command.</summary>
    /// <param name="source">The data source; its role must be bound by the policies. It stays the caller's to dispose.</param>
    /// <param name="context">The context.</param>
    /// <param name="key">What the tenant is signed with; null where the database does not ask for it.</param>
    /// <param name="pooler">The pooler between the source and the database.</param>
    /// <returns>The data source of that context. Disposing it disposes nothing else.</returns>
    /// <exception cref="RejectionException">Sessions of the source are shared or kept: <c>npgsql.pooling_unsafe</c>.</exception>
    public static TenantDataSource WithTenant(
        this NpgsqlDataSource source, AuthzContext context, TenantSigningKey? key = null, Pooler pooler = Pooler.None)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(context);
        PoolingCheck.Require(source, pooler);
        var session = new TenantSession(context, key, TimeProvider.System, pooler);
        return new TenantDataSource(source, () => session);
    }

    /// <summary>A data source that reads the rows of all tenants while a grant lasts.</summary>
    /// <param name="source">
    /// A data source of the role that <see cref="RowSecuritySql.GrantCrossTenantRead"/> names. It stays the caller's to dispose.
    /// </param>
    /// <param name="grant">The grant, which was recorded when it was acquired.</param>
    /// <param name="options">
    /// What the audit of its role goes by, and the pooler between the source and the database; null for the defaults.
    /// </param>
    /// <returns>
    /// The data source of that grant; its transactions are read-only. Before its first connection, once for each source, the role is
    /// audited (<see cref="RowSecurityAudit.RunForGrantAsync(NpgsqlDataSource, RowLevelSecurityOptions, CancellationToken)"/>): one that
    /// may write is refused, <c>npgsql.grant_writes</c>, and so is one that cannot be audited, <c>npgsql.audit_failed</c>.
    /// </returns>
    /// <exception cref="RejectionException">Sessions of the source are shared or kept: <c>npgsql.pooling_unsafe</c>.</exception>
    public static TenantDataSource WithGrant(this NpgsqlDataSource source, CrossTenantGrant grant, RowLevelSecurityOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(grant);
        var pooler = options?.Pooler ?? Pooler.None;
        PoolingCheck.Require(source, pooler);
        var session = new GrantSession(grant, GrantedRole.Of(source, options), TimeProvider.System, pooler);
        return new TenantDataSource(source, () => session);
    }
}
