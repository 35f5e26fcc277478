using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>
/// What the application puts between this package's reading of a query or a save and its SQL, where the tenant could be taken out again.
/// </summary>
internal static class TenancyPipelineCheck
{
    private const string Remedy =
        "change the query where it is written, let the database enforce the tenant (row-level security), or call "
            + "DangerousAllowRawSql(\"why\").";

    /// <summary>What is wrong with the options of a database context; null when nothing is.</summary>
    internal static string? FindFault(IDbContextOptions options, IEnumerable<IInterceptor> injected, bool mayUseRawSql)
    {
        var core = options.FindExtension<CoreOptionsExtension>();
        var replaced = core?.ReplacedServices?.Keys.Select(key => key.Item1).ToArray() ?? [];
        if (replaced.FirstOrDefault(service => service == typeof(IInterceptor) || PipelineServices.IsGuard(service)) is { } guard)
        {
            return DescribeGuard(guard);
        }

        if (mayUseRawSql)
        {
            return null;
        }

        if ((core?.Interceptors ?? []).Concat(injected).FirstOrDefault(IsForeign) is { } foreign)
        {
            return $"The interceptor {foreign.GetType().FullName} changes queries after they were confined, and could lift the tenant "
                + $"filter: {Remedy}";
        }

        return replaced.FirstOrDefault(service => !PipelineServices.IsOpen(service)) is { } part
            ? $"ReplaceService<{part.Name}, ...> takes over what confines queries and saves to the tenant, or runs after it: {Remedy}"
            : null;
    }

    internal static string DescribeGuard(Type service) =>
        $"{service.Name} is replaced, and with it the guards of the tenant: take the replacement away.";

    internal static string DescribeForeign(Type service, string source) =>
        $"{source} is registered for {service.Name} by an extension of the options, and works on queries and saves after they were "
            + $"confined: {Remedy}";

    private static bool IsForeign(IInterceptor interceptor) => interceptor is IQueryExpressionInterceptor and not TenancyQueryInterceptor;
}
