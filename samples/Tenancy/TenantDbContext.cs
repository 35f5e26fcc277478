using Microsoft.EntityFrameworkCore;
using ZeroTrust.Authz;

namespace ZeroTrust.Samples.Tenancy;

/// <summary>
/// Confines every query and every write to the tenant of the verified context. Without a context nothing is read or written.
/// </summary>
internal abstract class TenantDbContext(DbContextOptions options, IAuthzContextAccessor accessor) : DbContext(options)
{
    protected AuthzContext Context => accessor.Current
        ?? throw new InvalidOperationException("Tenant data is only reachable from a call with a verified context.");

    /// <summary>What the query filters compare with, read anew for every query.</summary>
    protected string Tenant => Context.Tenant.ToString();

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        EnforceTenant();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        EnforceTenant();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    private void EnforceTenant()
    {
        foreach (var entry in ChangeTracker.Entries<ITenantRow>())
        {
            if (entry.State == EntityState.Added)
            {
                entry.Entity.Tenant = Tenant;
            }
            else if (entry.State is EntityState.Modified or EntityState.Deleted
                && (entry.Property(row => row.Tenant).OriginalValue != Tenant || entry.Entity.Tenant != Tenant))
            {
                throw new InvalidOperationException("A row of another tenant may not be changed.");
            }
        }
    }
}
