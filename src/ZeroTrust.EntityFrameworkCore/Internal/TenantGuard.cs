using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>Looks at the tracked rows before they are written.</summary>
internal static class TenantGuard
{
    /// <summary>Gives rows without a tenant the present one. Of attached rows it goes into the WHERE clause, and matches the tenant's own rows alone.</summary>
    internal static void Complete(DbContext context, TenantId tenant)
    {
        foreach (var entry in context.ChangeTracker.Entries())
        {
            if (TenantOf(entry) is not { } property || property.Metadata is not IProperty { ValueGenerated: ValueGenerated.OnAdd } metadata || metadata.IsKey())
            {
                continue;
            }

            object own = metadata.ClrType == typeof(string) ? tenant.ToString() : tenant;
            if (entry.State != EntityState.Added && IsUnset(property.OriginalValue))
            {
                property.OriginalValue = own;
            }

            if (IsUnset(property.CurrentValue))
            {
                property.CurrentValue = own;
            }
        }
    }

    /// <summary>Refuses rows of other tenants, rows that change their tenant, and rows that tenants may only read.</summary>
    internal static void Verify(DbContext context, TenantId tenant)
    {
        foreach (var entry in Entries(context))
        {
            if (entry.State is not (EntityState.Added or EntityState.Modified or EntityState.Deleted))
            {
                continue;
            }

            if (TenantOf(entry) is { } property)
            {
                Verify(entry, property, tenant);
            }
            else if (TenancyMetadata.IsReadOnlyForTenants(entry.Metadata))
            {
                throw TenancyRejections.Exception(
                    TenancyRejectionReason.SharedRowWritten, $"{entry.Metadata.DisplayName()} is shared by tenants and read-only for them.");
            }
        }
    }

    private static void Verify(EntityEntry entry, PropertyEntry property, TenantId tenant)
    {
        if (entry.State != EntityState.Added && !Is(property.OriginalValue, tenant))
        {
            throw TenancyRejections.Exception(TenancyRejectionReason.ForeignRow, $"{entry.Metadata.DisplayName()} belongs to another tenant than {tenant}.");
        }

        if (!Is(property.CurrentValue, tenant))
        {
            throw TenancyRejections.Exception(
                entry.State == EntityState.Added ? TenancyRejectionReason.ForeignRow : TenancyRejectionReason.TenantReassigned,
                $"{entry.Metadata.DisplayName()} would belong to another tenant than {tenant}.");
        }
    }

    private static PropertyEntry? TenantOf(EntityEntry entry) =>
        TenancyMetadata.TenantPropertyName(entry.Metadata) is { } name ? entry.Property(name) : null;

    private static bool IsUnset(object? value) => value is null or "" or TenantId { IsDefault: true };

    private static bool Is(object? value, TenantId tenant) =>
        value is TenantId typed ? typed == tenant : value is string text && string.Equals(text, tenant.ToString(), StringComparison.Ordinal);

    // Without detecting changes, which is over, or which the save is in the middle of.
    private static List<EntityEntry> Entries(DbContext context)
    {
        var tracker = context.ChangeTracker;
        var detects = tracker.AutoDetectChangesEnabled;
        tracker.AutoDetectChangesEnabled = false;
        try
        {
            return [.. tracker.Entries()];
        }
        finally
        {
            tracker.AutoDetectChangesEnabled = detects;
        }
    }
}
