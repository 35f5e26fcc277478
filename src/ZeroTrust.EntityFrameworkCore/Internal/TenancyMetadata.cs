using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>The decisions as they are kept in the model.</summary>
internal static class TenancyMetadata
{
    internal const string TenantAnnotation = "ZeroTrust:Tenant";
    internal const string SharedAnnotation = "ZeroTrust:Shared";
    internal const string ConfinedAnnotation = "ZeroTrust:Confined";

    /// <summary>Whether the conventions of this package made the model.</summary>
    internal static bool IsConfined(IReadOnlyModel model) => model.FindAnnotation(ConfinedAnnotation) is not null;

    /// <summary>The property that names the tenant; null for types that are shared, or whose rows are part of an owner's row.</summary>
    internal static string? TenantPropertyName(IReadOnlyEntityType type) => type.GetRootType().FindAnnotation(TenantAnnotation)?.Value as string;

    internal static IReadOnlyProperty? TenantProperty(IReadOnlyEntityType type) =>
        TenantPropertyName(type) is { } name ? type.FindProperty(name) : null;

    internal static bool IsShared(IReadOnlyEntityType type) => type.GetRootType().FindAnnotation(SharedAnnotation) is not null;

    internal static bool IsReadOnlyForTenants(IReadOnlyEntityType type)
    {
        var decided = type;
        while (decided.FindOwnership() is { } ownership)
        {
            decided = ownership.PrincipalEntityType;
        }

        return decided.GetRootType().FindAnnotation(SharedAnnotation)?.Value is false;
    }

    /// <summary>Whether the type has no table, view or query of its own: its values are columns, or JSON, of its owner's row.</summary>
    internal static bool IsPartOfOwner(IReadOnlyEntityType type) =>
        type.FindOwnership() is { } ownership
        && (type.IsMappedToJson()
            || (ownership.IsUnique
                && type.GetTableName() == ownership.PrincipalEntityType.GetTableName()
                && type.GetSchema() == ownership.PrincipalEntityType.GetSchema()));
}
