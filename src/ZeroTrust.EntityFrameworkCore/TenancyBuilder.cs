using Microsoft.EntityFrameworkCore;

namespace ZeroTrust.EntityFrameworkCore;

/// <summary>What one database context is allowed beside its tenant's rows.</summary>
/// <typeparam name="TContext">The database context.</typeparam>
public sealed class TenancyBuilder<TContext>
    where TContext : DbContext
{
    internal TenancyBuilder()
    {
    }

    internal bool DatabaseEnforces { get; private set; }

    internal string? Database { get; private set; }

    internal string? RawSqlReason { get; private set; }

    internal bool MayUseRawSql => DatabaseEnforces || RawSqlReason is not null;

    internal Action<IServiceProvider, DbContextOptionsBuilder>? CrossTenantDatabase { get; private set; }

    /// <summary>
    /// The database itself confines every statement to the tenant, so raw SQL may pass: PostgreSQL with row-level security, or the like.
    /// </summary>
    /// <returns>The same builder.</returns>
    /// <remarks>A promise about the database. Integrations that check it at start make it for you.</remarks>
    public TenancyBuilder<TContext> EnforcedByDatabase()
    {
        DatabaseEnforces = true;
        return this;
    }

    /// <summary>Names the database, where several database contexts of a host are not on the same one.</summary>
    /// <param name="name">Any name, the same for the same database.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">There is no name.</exception>
    /// <remarks>
    /// A table has the same decision in every database context of one provider and one such name, or the host does not start.
    /// </remarks>
    public TenancyBuilder<TContext> UsesDatabase(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Database = name;
        return this;
    }

    /// <summary>Allows <see cref="ICrossTenantDbContextFactory{TContext}"/>, for reports over all tenants.</summary>
    /// <param name="configure">
    /// The database as it is reached across tenants; where the database enforces tenants too, with a role that may read them all.
    /// </param>
    /// <returns>The same builder.</returns>
    public TenancyBuilder<TContext> AllowCrossTenantReads(Action<IServiceProvider, DbContextOptionsBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        CrossTenantDatabase = configure;
        return this;
    }

    /// <summary>Lets raw SQL through (<c>FromSql</c>, <c>SqlQuery</c>, <c>ExecuteSql</c>), which nothing confines to the tenant.</summary>
    /// <param name="reason">Why this is acceptable here.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    /// <remarks>
    /// Each such statement has to name the tenant itself. It is logged at start and registered as a <see cref="Weakening"/>.
    /// </remarks>
    public TenancyBuilder<TContext> DangerousAllowRawSql(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        RawSqlReason = reason;
        return this;
    }
}
