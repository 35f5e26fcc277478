using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>The database contexts among the services, once all are registered.</summary>
internal sealed class RegisteredContexts(IServiceCollection services)
{
    internal IEnumerable<Type> Get() => services
        .SelectMany(service => new[] { ContextOf(service.ServiceType), ContextOf(ImplementationOf(service)) })
        .OfType<Type>()
        .Distinct();

    private static Type? ImplementationOf(ServiceDescriptor service) => service.IsKeyedService
        ? service.KeyedImplementationType ?? service.KeyedImplementationInstance?.GetType()
        : service.ImplementationType ?? service.ImplementationInstance?.GetType();

    // By its options, by a factory of it, or by itself where it configures itself.
    private static Type? ContextOf(Type? type) => type switch
    {
        null or { IsAbstract: true, IsInterface: false } or { ContainsGenericParameters: true } => null,
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(DbContextOptions<>) => type.GenericTypeArguments[0],
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(IDbContextFactory<>) => type.GenericTypeArguments[0],
        _ => typeof(DbContext).IsAssignableFrom(type) ? type : null,
    };
}
