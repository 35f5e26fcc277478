using Microsoft.EntityFrameworkCore.Metadata;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>Finds what leaves a way round the tenant: in the model as it is used, after every convention, and in the tables it stands for.</summary>
internal static class TenancyModelCheck
{
    private const string CheckedAnnotation = "ZeroTrust:Checked";

    /// <summary>All that is wrong with a model, found once for each; empty when it confines every row.</summary>
    internal static string Check(IModel model, bool mayUseRawSql) => model.GetOrAddRuntimeAnnotationValue(
        CheckedAnnotation,
        static state => Describe([.. Find(state!.Value.Model, state.Value.MayUseRawSql)]),
        ((IModel Model, bool MayUseRawSql)?)(model, mayUseRawSql));

    private static string Describe(string[] faults) => faults.Length == 0
        ? string.Empty
        : $"The model does not confine every row to its tenant:{Environment.NewLine}- {string.Join($"{Environment.NewLine}- ", faults)}";

    private static IEnumerable<string> Find(IModel model, bool mayUseRawSql)
    {
        var types = model.GetEntityTypes().ToList();
        return types.SelectMany(CheckDecision)
            .Concat(types.SelectMany(TenancyFilterCheck.Find))
            .Concat(TenancyTableCheck.Find(model))
            .Concat(TenancyReferenceCheck.Find(model))
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
                yield return $"{type.DisplayName()} is undecided: call HasTenant(...) or SharedByTenants().";
            }
        }
        else if (TenancyMetadata.TenantPropertyName(type) is not null && TenancyMetadata.IsShared(type))
        {
            yield return $"{type.DisplayName()} has a tenant and is shared by tenants; it can be one of them.";
        }
    }
}
