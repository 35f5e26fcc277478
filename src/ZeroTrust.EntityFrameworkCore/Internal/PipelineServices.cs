using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Internal;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>Which services of Entity Framework Core the application, or a package, may bring its own of.</summary>
internal static class PipelineServices
{
    // What shapes the model, which is checked as it comes out, and what takes no part in queries and saves. Everything else is closed.
    private static readonly string[] OpenNamespaces =
    [
        "Microsoft.EntityFrameworkCore.Metadata",
        "Microsoft.EntityFrameworkCore.Migrations",
        "Microsoft.EntityFrameworkCore.Design",
        "Microsoft.EntityFrameworkCore.Scaffolding",
        "Microsoft.EntityFrameworkCore.Diagnostics",
        "Microsoft.EntityFrameworkCore.ValueGeneration",
        "Microsoft.EntityFrameworkCore.Storage.ValueConversion",
    ];

    // What is between calls and connections passes as interceptors of connections and commands do.
    private static readonly HashSet<Type> OpenServices =
    [
        typeof(IModelCustomizer), typeof(IModelSource), typeof(IModelValidator), typeof(IModelRuntimeInitializer),
        typeof(IModelCacheKeyFactory),
        typeof(ISingletonOptions), typeof(IResettableService), typeof(ICompiledQueryCacheKeyGenerator),
        typeof(ITypeMappingSource), typeof(IRelationalTypeMappingSource), typeof(ITypeMappingSourcePlugin),
        typeof(IRelationalTypeMappingSourcePlugin),
        typeof(IExecutionStrategyFactory), typeof(IRelationalConnection), typeof(IRelationalTransactionFactory),
        typeof(IDatabaseCreator), typeof(IRelationalDatabaseCreator),
    ];

#pragma warning disable EF1001 // As TenantEntityFinder.
    private static readonly HashSet<Type> Guards =
    [
        typeof(IInterceptors), typeof(IInterceptorAggregator), typeof(IEntityFinderSource), typeof(IEntityFinderFactory),
    ];
#pragma warning restore EF1001

    /// <summary>Whether the service is, or carries, a guard of this package that no database stands in for.</summary>
    internal static bool IsGuard(Type service) => Guards.Contains(service);

    internal static bool IsOpen(Type service) =>
        !IsGuard(service) && (OpenServices.Contains(service) || OpenNamespaces.Any(name => IsIn(service, name)));

    private static bool IsIn(Type service, string name) =>
        service.Namespace is { } own
            && own.StartsWith(name, StringComparison.Ordinal)
            && (own.Length == name.Length || own[name.Length] == '.');
}
