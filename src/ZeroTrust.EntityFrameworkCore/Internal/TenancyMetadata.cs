using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>The decisions as they are kept in the model.</summary>
internal static class TenancyMetadata
{
    internal const string TenantAnnotation = "ZeroTrust:Tenant";
    internal const string SharedAnnotation = "ZeroTrust:Shared";
    internal const string ConfinedAnnotation = "ZeroTrust:Confined";
    internal const string TrustedAnnotation = "ZeroTrust:Trusted";
    internal const string FilledAnnotation = "ZeroTrust:Filled";
    internal const string CollatedAnnotation = "ZeroTrust:Collated";

    /// <summary>Which database contexts the conventions of this package made the model for; null when they did not make it.</summary>
    internal static string? KindOf(IReadOnlyModel model) => model.FindAnnotation(ConfinedAnnotation)?.Value as string;

    /// <summary>The property that names the tenant; null for types that are shared, or whose rows are part of an owner's row.</summary>
    internal static string? TenantPropertyName(IReadOnlyEntityType type) => type.GetRootType().FindAnnotation(TenantAnnotation)?.Value as string;

    internal static IReadOnlyProperty? TenantProperty(IReadOnlyEntityType type) =>
        TenantPropertyName(type) is { } name ? type.FindProperty(name) : null;

    internal static bool IsShared(IReadOnlyEntityType type) => type.GetRootType().FindAnnotation(SharedAnnotation) is not null;

    internal static bool IsReadOnlyForTenants(IReadOnlyEntityType type) => Owner(type).FindAnnotation(SharedAnnotation)?.Value is false;

    /// <summary>What was decided about the rows of a type, or of the owner whose part they are.</summary>
    internal static RowDecision DecisionOf(IReadOnlyEntityType type)
    {
        var owner = Owner(type);
        return TenantPropertyName(owner) is not null
            ? RowDecision.OfTenant
            : owner.FindAnnotation(SharedAnnotation)?.Value switch
            {
                true => RowDecision.SharedWritable,
                false => RowDecision.SharedReadOnly,
                _ => RowDecision.Undecided,
            };
    }

    /// <summary>Whether the type has no table, view or query of its own: its values are columns, or JSON, of its owner's row.</summary>
    internal static bool IsPartOfOwner(IReadOnlyEntityType type) =>
        type.FindOwnership() is { } ownership
        && (type.IsMappedToJson()
            || (ownership.IsUnique
                && type.GetTableName() == ownership.PrincipalEntityType.GetTableName()
                && type.GetSchema() == ownership.PrincipalEntityType.GetSchema()));

    private static IReadOnlyEntityType Owner(IReadOnlyEntityType type)
    {
        var owner = type;
        while (owner.FindOwnership() is { } ownership)
        {
            owner = ownership.PrincipalEntityType;
        }

        return owner.GetRootType();
    }
}
