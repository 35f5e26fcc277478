using Microsoft.EntityFrameworkCore.Metadata;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>The types that Entity Framework Core makes for many-to-many.</summary>
internal static class TenancyJoinTypes
{
    /// <summary>How to give the tenant to a join type and to both of its foreign keys; null for other types.</summary>
    internal static string? DescribeRemedy(IReadOnlyEntityType type) =>
        type.GetForeignKeys().SelectMany(key => key.GetReferencingSkipNavigations()).FirstOrDefault() is { } navigation
            ? $"for {navigation.DeclaringEntityType.ShortName()} say HasMany(...).WithMany(...).UsingEntity(\"{type.ShortName()}\", "
                + $"{DescribeEnd(navigation.Inverse.ForeignKey)}, {DescribeEnd(navigation.ForeignKey)}, "
                + "join => join.HasTenant(\"Tenant\")), or SharedByTenants() where both ends are shared."
            : null;

    private static string DescribeEnd(IReadOnlyForeignKey? key) => key is null ? "..." :
        $"end => end.HasOne(typeof({key.PrincipalEntityType.ShortName()})).WithMany()"
            + $".HasForeignKey({Describe("Tenant", key.Properties)})"
            + ".HasPrincipalKey("
            + $"{Describe(TenancyMetadata.TenantPropertyName(key.PrincipalEntityType) ?? "Tenant", key.PrincipalKey.Properties)})";

    private static string Describe(string tenant, IEnumerable<IReadOnlyProperty> properties) =>
        string.Join(
            ", ", properties.Select(property => property.Name).Where(name => name != tenant).Prepend(tenant).Select(name => $"\"{name}\""));
}
