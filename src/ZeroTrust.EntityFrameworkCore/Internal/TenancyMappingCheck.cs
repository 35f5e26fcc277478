using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>
/// What the model cannot see through: views, queries, functions, stored procedures and triggers. Closed, unless somebody answers for it.
/// </summary>
internal static class TenancyMappingCheck
{
    private const string Remedy =
        "call DangerousTrustMapping(\"why\") when it keeps to the tenant, or let the database enforce the tenant (row-level security).";

    internal static IEnumerable<string> Find(IModel model)
    {
        foreach (var type in model.GetEntityTypes())
        {
            if (ReasonOf(type) is null && !type.IsMappedToJson() && DescribeMapping(type) is { } mapping)
            {
                yield return $"{type.DisplayName()} {mapping}, which cannot be seen to keep to the tenant: {Remedy}";
            }
        }

        // Also those that are said to be built in: some run SQL that is given to them. Entity Framework Core's own are not in the model.
        foreach (var function in model.GetDbFunctions().Where(function => ReasonOf(model, function) is null))
        {
            yield return $"The function {function.Name} is called by the database, and what it reads or writes cannot be seen to keep to "
                + $"the tenant: {Remedy}";
        }
    }

    /// <summary>What was answered for, and why.</summary>
    internal static IEnumerable<(string Mapping, string Reason)> Trusted(IModel model) =>
    [
        .. model.GetEntityTypes()
            .Where(type => ReasonOf(type) is not null && type.BaseType is null && !type.IsOwned())
            .Select(type => (type.DisplayName(), ReasonOf(type)!)),
        .. model.GetDbFunctions()
            .Where(function => Annotation(function) is not null)
            .Select(function => (function.Name, Annotation(function)!)),
    ];

    private static string? DescribeMapping(IReadOnlyEntityType type) => type switch
    {
        _ when type.GetSqlQuery() is not null => "is mapped to a query",
        _ when type.GetFunctionName() is { } function => $"is mapped to the function {function}",
        _ when type.GetViewName() is { } view => $"is mapped to the view {view}",
        _ when type.GetMappingFragments(StoreObjectType.View).Any() => "is spread over several views",
        _ when (type.GetInsertStoredProcedure() ?? type.GetUpdateStoredProcedure() ?? type.GetDeleteStoredProcedure()) is not null =>
            "is written by stored procedures",
        _ when type.GetDeclaredTriggers().FirstOrDefault() is { } trigger => $"has the trigger {trigger.ModelName}",
        _ => null,
    };

    private static string? ReasonOf(IReadOnlyEntityType type)
    {
        var owner = type;
        while (owner.FindOwnership() is { } ownership)
        {
            owner = ownership.PrincipalEntityType;
        }

        return Annotation(owner.GetRootType());
    }

    // A function that an entity type is mapped to is answered for by the type.
    private static string? ReasonOf(IModel model, IReadOnlyDbFunction function) => Annotation(function)
        ?? (function.MethodInfo is null
            ? model.GetEntityTypes().Where(type => type.GetFunctionName() == function.ModelName).Select(ReasonOf).FirstOrDefault()
            : null);

    private static string? Annotation(IReadOnlyAnnotatable item) =>
        item.FindAnnotation(TenancyMetadata.TrustedAnnotation)?.Value as string;
}
