using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>Refuses a model that leaves a way round the tenant: all that is wrong, in one exception.</summary>
internal sealed class TenancyModelCheck : IModelFinalizingConvention
{
    public void ProcessModelFinalizing(IConventionModelBuilder modelBuilder, IConventionContext<IConventionModelBuilder> context)
    {
        var errors = modelBuilder.Metadata.GetEntityTypes().SelectMany(Check).ToList();
        if (errors.Count > 0)
        {
            throw new InvalidOperationException(
                $"The model does not confine every row to its tenant:{Environment.NewLine}- {string.Join($"{Environment.NewLine}- ", errors)}");
        }
    }

    private static IEnumerable<string> Check(IReadOnlyEntityType type)
    {
        var tenant = TenancyMetadata.TenantProperty(type);
        return type.FindOwnership() is { } ownership
            ? CheckOwned(type, ownership, tenant).Concat(CheckStorage(type, tenant))
            : CheckDecision(type, tenant).Concat(CheckStorage(type, tenant)).Concat(CheckReferences(type, tenant)).Concat(CheckUniqueness(type, tenant));
    }

    private static IEnumerable<string> CheckDecision(IReadOnlyEntityType type, IReadOnlyProperty? tenant)
    {
        if (type.BaseType is not null)
        {
            if (type.FindAnnotation(TenancyMetadata.TenantAnnotation) is not null || type.FindAnnotation(TenancyMetadata.SharedAnnotation) is not null)
            {
                yield return $"{type.DisplayName()} derives from {type.BaseType.DisplayName()}; decide for the root of the hierarchy alone.";
            }
        }
        else if (tenant is null && !TenancyMetadata.IsShared(type))
        {
            yield return $"{type.DisplayName()} is undecided: call HasTenant(...) or SharedByTenants().";
        }
        else if (tenant is not null && TenancyMetadata.IsShared(type))
        {
            yield return $"{type.DisplayName()} has a tenant and is shared by tenants; it can be one of them.";
        }
    }

    private static IEnumerable<string> CheckOwned(IReadOnlyEntityType type, IReadOnlyForeignKey ownership, IReadOnlyProperty? tenant)
    {
        if (tenant is null && !TenancyMetadata.IsPartOfOwner(type) && HasTenantAbove(ownership.PrincipalEntityType))
        {
            yield return $"{type.DisplayName()} has a table of its own in which the tenant is missing: make the tenant part of the key of its owner, or keep it in the owner's row or as JSON.";
        }
    }

    private static bool HasTenantAbove(IReadOnlyEntityType type) =>
        TenancyMetadata.TenantProperty(type) is not null || (type.FindOwnership() is { } ownership && HasTenantAbove(ownership.PrincipalEntityType));

    private static IEnumerable<string> CheckStorage(IReadOnlyEntityType type, IReadOnlyProperty? tenant)
    {
        if (tenant is null || tenant.IsPrimaryKey())
        {
            yield break;
        }

        if (type.GetMappingFragments().Any() || (type.BaseType is not null && type.GetTableName() != type.BaseType.GetTableName() && type.GetMappingStrategy() == RelationalAnnotationNames.TptMappingStrategy))
        {
            yield return $"{type.DisplayName()} is spread over several tables, of which only one has the tenant: make the tenant part of its key.";
        }

        if (type.GetInsertStoredProcedure() is not null || type.GetUpdateStoredProcedure() is not null || type.GetDeleteStoredProcedure() is not null)
        {
            yield return $"{type.DisplayName()} is written by stored procedures, which cannot be seen to keep to the tenant.";
        }
    }

    private static IEnumerable<string> CheckReferences(IReadOnlyEntityType type, IReadOnlyProperty? tenant)
    {
        foreach (var key in type.GetDeclaredForeignKeys())
        {
            if (TenancyMetadata.TenantProperty(key.PrincipalEntityType) is not { } principalTenant || IsHierarchy(key))
            {
                continue;
            }

            var names = $"{type.DisplayName()} ({string.Join(", ", key.Properties.Select(property => property.Name))}) refers to {key.PrincipalEntityType.DisplayName()}";
            if (tenant is null)
            {
                yield return $"{names}, whose rows belong to tenants, and is itself shared by them.";
            }
            else if (!Pairs(key).Any(pair => pair.Own == tenant && pair.Principal == principalTenant))
            {
                yield return $"{names} without the tenant: a row could refer to another tenant's. Make both tenants part of the foreign key, HasForeignKey(row => new {{ row.{tenant.Name}, ... }}) and HasPrincipalKey(row => new {{ row.{principalTenant.Name}, ... }}).";
            }
        }
    }

    private static IEnumerable<(IReadOnlyProperty Own, IReadOnlyProperty Principal)> Pairs(IReadOnlyForeignKey key) =>
        key.Properties.Zip(key.PrincipalKey.Properties);

    // The foreign key of a derived table to the table of its base.
    private static bool IsHierarchy(IReadOnlyForeignKey key) =>
        key.PrincipalEntityType.IsAssignableFrom(key.DeclaringEntityType) && key.Properties.SequenceEqual(key.PrincipalKey.Properties);

    private static IEnumerable<string> CheckUniqueness(IReadOnlyEntityType type, IReadOnlyProperty? tenant)
    {
        if (tenant is null)
        {
            yield break;
        }

        foreach (var index in type.GetDeclaredIndexes().Where(index => index.IsUnique && !index.Properties.Contains(tenant)))
        {
            yield return $"{type.DisplayName()} ({string.Join(", ", index.Properties.Select(property => property.Name))}) is unique across tenants, so that one tenant learns what another has: add {tenant.Name} to the index.";
        }
    }
}
