using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>
/// Finds what leaves a way round the tenant: in the model as it is used, after every convention, and in the tables it stands for.
/// </summary>
internal static class TenancyModelCheck
{
    private const string CheckedAnnotation = "ZeroTrust:Checked";

    /// <summary>All that is wrong with the model of a database context, found once for each; empty when it confines every row.</summary>
    internal static string Check(DbContext context, bool mayUseRawSql) => context.Model.GetOrAddRuntimeAnnotationValue(
        CheckedAnnotation,
        static state => Describe([.. Find(state!.Value.Context, state.Value.MayUseRawSql)]),
        ((DbContext Context, bool MayUseRawSql)?)(context, mayUseRawSql));

    private static string Describe(string[] faults) => faults.Length == 0
        ? string.Empty
        : $"The model does not confine every row to its tenant:{Environment.NewLine}- {string.Join($"{Environment.NewLine}- ", faults)}";

    private static IEnumerable<string> Find(DbContext context, bool mayUseRawSql)
    {
        if (!context.Database.IsRelational())
        {
            return [$"{context.GetType().Name} is on {context.Database.ProviderName}, which sends no commands that could be held to a "
                + "tenant: use a relational database, for tests SQLite in memory."];
        }

        var model = context.Model;
        var types = model.GetEntityTypes().ToList();
        return types.SelectMany(CheckDecision)
            .Concat(types.SelectMany(TenancyFilterCheck.Find))
            .Concat(TenancyTableCheck.Find(model, new StoreNames(model, context.Database.ProviderName)))
            .Concat(TenancyReferenceCheck.Find(model))
            .Concat(TenancyColumnCheck.Find(model, context.Database.ProviderName))
            .Concat(mayUseRawSql ? [] : TenancyMappingCheck.Find(model));
    }

    private static IEnumerable<string> CheckDecision(IReadOnlyEntityType type)
    {
        if (type.BaseType is not null)
        {
            if (type.FindAnnotation(TenancyMetadata.TenantAnnotation) is not null || type.FindAnnotation(TenancyMetadata.SharedAnnotation) is not null)
            {
                yield return $"{type.DisplayName()} derives from {type.BaseType.DisplayName()}; decide for the root of the hierarchy alone.";
            }
        }
        else if (TenancyMetadata.DecisionOf(type) == RowDecision.Undecided)
        {
            if (!type.IsOwned())
            {
                yield return $"{type.DisplayName()} is undecided: "
                    + $"{TenancyJoinTypes.DescribeRemedy(type) ?? "call HasTenant(...) or SharedByTenants()."}";
            }
        }
        else if (TenancyMetadata.TenantPropertyName(type) is not null && TenancyMetadata.IsShared(type))
        {
            yield return $"{type.DisplayName()} has a tenant and is shared by tenants; it can be one of them.";
        }
    }
}
