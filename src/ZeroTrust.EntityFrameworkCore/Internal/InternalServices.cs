using System.Reflection;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>
/// The services that database contexts run on, as the provider, this package and every other extension of the options registered them.
/// </summary>
internal sealed class InternalServices(IServiceCollection services)
{
    // The services are the same for all database contexts that share them, so they are read once.
    private volatile string? _fault;

    /// <summary>
    /// What takes over a guard, or, unless raw SQL may pass, part in queries and saves without being of Entity Framework Core or the
    /// provider; empty when nothing does.
    /// </summary>
    internal string FindFault(IDbContextOptions options, bool mayUseRawSql) => _fault ??= Find(options, mayUseRawSql) ?? string.Empty;

    private string? Find(IDbContextOptions options, bool mayUseRawSql)
    {
#pragma warning disable EF1001 // As TenantEntityFinder.
        if (services.LastOrDefault(
            service => service.ServiceType == typeof(IEntityFinderSource))?.ImplementationType != typeof(TenantEntityFinderSource))
        {
            return TenancyPipelineCheck.DescribeGuard(typeof(IEntityFinderSource));
        }
#pragma warning restore EF1001

        if (GuardedServices.FindFault(services) is { } unguarded)
        {
            return TenancyPipelineCheck.DescribeGuard(unguarded);
        }

        if (options.Extensions.Where(extension => extension.Info.IsDatabaseProvider).ToArray() is not [var provider])
        {
            return "The options name no database provider, or several: call one of the Use methods of a provider, once.";
        }

        AssemblyFamily[] known = [AssemblyFamily.EntityFramework, new(provider.GetType().Assembly), new(typeof(InternalServices).Assembly)];
        var foreign = services.FirstOrDefault(service =>
            !service.IsKeyedService
            && (mayUseRawSql ? PipelineServices.IsGuard(service.ServiceType) : !PipelineServices.IsOpen(service.ServiceType))
            && IsKnown(known, service.ServiceType.Assembly)
            && !IsKnown(known, service));
        return foreign is null ? null
            : PipelineServices.IsGuard(foreign.ServiceType) ? TenancyPipelineCheck.DescribeGuard(foreign.ServiceType)
            : TenancyPipelineCheck.DescribeForeign(foreign.ServiceType, Source(foreign));
    }

    private static bool IsKnown(AssemblyFamily[] known, Assembly assembly) => known.Any(family => family.Contains(assembly));

    private static bool IsKnown(AssemblyFamily[] known, ServiceDescriptor service) => service.ImplementationFactory is { } factory
        ? IsKnown(known, factory.Method.Module.Assembly)
        : ImplementationOf(service) is { } type && IsKnown(known, type);

    // A known generic type may be made of a foreign one, and then does what that says.
    private static bool IsKnown(AssemblyFamily[] known, Type type) =>
        IsKnown(known, type.Assembly)
            && type.GenericTypeArguments.All(argument => argument.Assembly == typeof(object).Assembly || IsKnown(known, argument));

    private static Type? ImplementationOf(ServiceDescriptor service) =>
        service.ImplementationType ?? service.ImplementationInstance?.GetType();

    private static string Source(ServiceDescriptor service) =>
        ImplementationOf(service)?.ToString()
            ?? service.ImplementationFactory?.Method.Module.Assembly.GetName().Name
            ?? "another extension";
}
