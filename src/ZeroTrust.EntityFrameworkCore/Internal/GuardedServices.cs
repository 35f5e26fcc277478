using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>
/// Stands in front of the services through which all commands and saves pass, whoever calls them: interceptors are asked only by callers
/// that pass a logger.
/// </summary>
internal static class GuardedServices
{
    private static readonly Type[] Guarded = [typeof(IRelationalCommandBuilderFactory), typeof(IDatabase)];

    internal static void Add(IServiceCollection services)
    {
        Decorate<IRelationalCommandBuilderFactory>(services, static (_, inner) => new TenancyCommandBuilderFactory(inner));
        Decorate<IDatabase>(
            services, static (provider, inner) => new TenancyDatabase(inner, provider.GetRequiredService<ICurrentDbContext>()));
    }

    /// <summary>The service that something else stands in front of, or null.</summary>
    internal static Type? FindFault(IServiceCollection services) =>
        Guarded.FirstOrDefault(guarded =>
            services.LastOrDefault(service => service.ServiceType == guarded) is not { ImplementationFactory: { } factory }
                || factory.Method.Module != typeof(GuardedServices).Module);

    private static void Decorate<TService>(IServiceCollection services, Func<IServiceProvider, TService, TService> guard)
        where TService : class
    {
        if (services.LastOrDefault(service => service.ServiceType == typeof(TService)) is { } inner)
        {
            services.Add(new ServiceDescriptor(
                typeof(TService), provider => guard(provider, (TService)Make(provider, inner)), inner.Lifetime));
        }
    }

    private static object Make(IServiceProvider provider, ServiceDescriptor service) =>
        service.ImplementationInstance
            ?? service.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType!);
}
