using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>The foreign keys of a model: none reaches a row of another tenant, and no referential action does.</summary>
internal static class TenancyReferenceCheck
{
    internal static IEnumerable<string> Find(IModel model) =>
        model.GetRelationalModel().Tables.SelectMany(table => table.ForeignKeyConstraints).SelectMany(Check)
            .Concat(model.GetEntityTypes().SelectMany(type => type.GetDeclaredForeignKeys())
                .Where(IsWithoutConstraint)
                .SelectMany(CheckUnconstrained));

    private static IEnumerable<string> Check(IForeignKeyConstraint constraint)
    {
        if (constraint.MappedForeignKeys.FirstOrDefault() is not { } key)
        {
            yield break;
        }

        var (own, principal) = (TenancyTableCheck.DecisionOf(constraint.Table), TenancyTableCheck.DecisionOf(constraint.PrincipalTable));
        if (principal == RowDecision.OfTenant)
        {
            var tenant = TenancyTableCheck.TenantColumn(constraint.Table);
            var principalTenant = TenancyTableCheck.TenantColumn(constraint.PrincipalTable);
            var isPaired = constraint.Columns.Zip(constraint.PrincipalColumns).Any(pair => pair.First == tenant
                && pair.Second == principalTenant);
            if (!isPaired && Describe(key, own) is { } fault)
            {
                yield return fault;
            }
        }
        else if (principal == RowDecision.SharedWritable
            && own is RowDecision.OfTenant or RowDecision.SharedReadOnly
            && Consequence(constraint.OnDeleteAction, own) is { } consequence)
        {
            yield return $"{Names(key)}, which tenants may delete, and the database then {consequence}: say "
                + "OnDelete(DeleteBehavior.Restrict).";
        }
    }

    private static string? Consequence(ReferentialAction action, RowDecision own)
    {
        var rows = own == RowDecision.OfTenant ? "rows of other tenants that refer to it" : "rows that tenants may only read";
        return action switch
        {
            ReferentialAction.NoAction or ReferentialAction.Restrict => null,
            ReferentialAction.Cascade => $"deletes {rows}",
            _ => $"changes {rows}",
        };
    }

    // To a view, between tables of a hierarchy, or within a row: the database does nothing because of it.
    private static bool IsWithoutConstraint(IForeignKey key) =>
        !key.IsOwnership
        && !key.GetMappedConstraints().Any()
        && !IsWithinRow(key)
        && TenancyMetadata.DecisionOf(key.PrincipalEntityType) == RowDecision.OfTenant;

    private static bool IsWithinRow(IForeignKey key) =>
        key.Properties.SequenceEqual(key.DeclaringEntityType.FindPrimaryKey()?.Properties ?? [])
        && key.PrincipalKey.IsPrimaryKey()
        && (key.PrincipalEntityType.IsAssignableFrom(key.DeclaringEntityType)
            || Tables(key.DeclaringEntityType).Intersect(Tables(key.PrincipalEntityType)).Any());

    private static IEnumerable<ITable> Tables(IEntityType type) => type.GetTableMappings().Select(mapping => mapping.Table);

    private static IEnumerable<string> CheckUnconstrained(IForeignKey key)
    {
        var tenant = TenancyMetadata.TenantProperty(key.DeclaringEntityType);
        var principalTenant = TenancyMetadata.TenantProperty(key.PrincipalEntityType);
        var isPaired = key.Properties.Zip(key.PrincipalKey.Properties).Any(pair => pair.First == tenant && pair.Second == principalTenant);
        return !isPaired && Describe(key, TenancyMetadata.DecisionOf(key.DeclaringEntityType)) is { } fault ? [fault] : [];
    }

    private static string? Describe(IReadOnlyForeignKey key, RowDecision own) => own switch
    {
        RowDecision.SharedReadOnly or RowDecision.SharedWritable =>
            $"{Names(key)}, whose rows belong to tenants, and is itself shared by them.",
        RowDecision.OfTenant => $"{Names(key)} without the tenant: a row could refer to another tenant's. {Remedy(key)}",
        _ => null,
    };

    private static string Names(IReadOnlyForeignKey key) =>
        $"{key.DeclaringEntityType.DisplayName()} ({string.Join(", ", key.Properties.Select(property => property.Name))}) refers to "
            + $"{key.PrincipalEntityType.DisplayName()}";

    private static string Remedy(IReadOnlyForeignKey key)
    {
        if (TenancyJoinTypes.DescribeRemedy(key.DeclaringEntityType) is { } remedy)
        {
            return $"It is a join type: {remedy}";
        }

        var principal = TenancyMetadata.TenantPropertyName(key.PrincipalEntityType);
        return TenancyMetadata.TenantPropertyName(key.DeclaringEntityType) is { } own
            ? $"Make both tenants part of the foreign key, HasForeignKey(row => new {{ row.{own}, ... }}) and "
                + $"HasPrincipalKey(row => new {{ row.{principal}, ... }})."
            : $"Give {key.DeclaringEntityType.DisplayName()} a property of the column that holds its owner's tenant (HasColumnName for "
                + $"both), and make it and {principal} part of the foreign key; or make it an entity type with HasTenant(...).";
    }
}
