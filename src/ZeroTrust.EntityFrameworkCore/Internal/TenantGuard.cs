using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Update;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>Looks at rows before they are written.</summary>
internal static class TenantGuard
{
    /// <summary>
    /// Gives rows without a tenant the present one. Of attached rows it goes into the WHERE clause, and matches the tenant's own rows
    /// alone.
    /// </summary>
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
            Verify(
                entry.Metadata,
                entry.State,
                property => (entry.Property(property.Name).OriginalValue, entry.Property(property.Name).CurrentValue),
                tenant);
        }
    }

    /// <summary>The same for rows that are about to become commands.</summary>
    internal static void Verify(IList<IUpdateEntry> entries, IModel model, TenantId tenant)
    {
        foreach (var entry in entries.SelectMany(entry => entry.SharedIdentityEntry is { } shared ? new[] { entry, shared } : [entry]))
        {
            // Another model has other decisions, or none.
            if (entry.EntityType.Model != model)
            {
                throw TenancyRejections.Exception(
                    TenancyRejectionReason.CommandUnconfined,
                    $"{entry.EntityType.DisplayName()} is of another model than that of the database context.");
            }

            Verify(
                entry.EntityType,
                entry.EntityState,
                property => (entry.GetOriginalValue(property), entry.GetCurrentValue(property)),
                tenant);
        }
    }

    private static void Verify(
        IEntityType type, EntityState state, Func<IProperty, (object? Original, object? Current)> valuesOf, TenantId tenant)
    {
        if (state is not (EntityState.Added or EntityState.Modified or EntityState.Deleted))
        {
            return;
        }

        if (TenancyMetadata.TenantProperty(type) is IProperty property)
        {
            var (original, current) = valuesOf(property);
            Verify(type, state, original, current, tenant);
        }
        else if (TenancyMetadata.IsReadOnlyForTenants(type))
        {
            throw TenancyRejections.Exception(
                TenancyRejectionReason.SharedRowWritten, $"{type.DisplayName()} is shared by tenants and read-only for them.");
        }
    }

    private static void Verify(IEntityType type, EntityState state, object? original, object? current, TenantId tenant)
    {
        if (state != EntityState.Added && !Is(original, tenant))
        {
            throw TenancyRejections.Exception(
                TenancyRejectionReason.ForeignRow, $"{type.DisplayName()} belongs to another tenant than {tenant}.");
        }

        if (!Is(current, tenant))
        {
            throw TenancyRejections.Exception(
                state == EntityState.Added ? TenancyRejectionReason.ForeignRow : TenancyRejectionReason.TenantReassigned,
                $"{type.DisplayName()} would belong to another tenant than {tenant}.");
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
