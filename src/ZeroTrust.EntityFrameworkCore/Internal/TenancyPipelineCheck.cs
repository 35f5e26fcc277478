using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Query;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>What the application puts between this package's reading of a query and its SQL, where the tenant filter could be lifted again.</summary>
internal static class TenancyPipelineCheck
{
    private const string QueryNamespace = "Microsoft.EntityFrameworkCore.Query";

    private const string Remedy =
        "change the query where it is written, let the database enforce the tenant (row-level security), or call DangerousAllowRawSql(\"why\").";

    /// <summary>What is wrong with the options of a database context; null when nothing is.</summary>
    internal static string? FindFault(IDbContextOptions options, IEnumerable<IInterceptor> injected)
    {
        var core = options.FindExtension<CoreOptionsExtension>();
        if ((core?.Interceptors ?? []).Concat(injected).FirstOrDefault(IsForeign) is { } foreign)
        {
            return $"The interceptor {foreign.GetType().FullName} changes queries after they were confined, and could lift the tenant filter: {Remedy}";
        }

        var replaced = core?.ReplacedServices?.Keys.Select(key => key.Item1).FirstOrDefault(IsOfPipeline);
        return replaced is null
            ? null
            : $"ReplaceService<{replaced.Name}, ...> takes over what confines queries to the tenant, or runs after it: {Remedy}";
    }

    private static bool IsForeign(IInterceptor interceptor) => interceptor is IQueryExpressionInterceptor and not TenancyQueryInterceptor;

    private static bool IsOfPipeline(Type service) =>
        service == typeof(IInterceptor)
        || service == typeof(IInterceptors)
        || (service.Namespace == QueryNamespace && service != typeof(ICompiledQueryCacheKeyGenerator))
        || service.Namespace?.StartsWith($"{QueryNamespace}.", StringComparison.Ordinal) == true;
}
