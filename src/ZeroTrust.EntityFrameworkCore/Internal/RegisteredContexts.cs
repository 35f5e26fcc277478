using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>The database contexts among the services, once all are registered.</summary>
internal sealed class RegisteredContexts(IServiceCollection services)
{
    private static readonly HashSet<Type> Makers = [typeof(DbContextOptions<>), typeof(IDbContextFactory<>), typeof(Lazy<>)];

    internal IEnumerable<RegisteredContext> Get() => services
        .SelectMany(service => new[] { Read(service, service.ServiceType), Read(service, ImplementationOf(service)) })
        .OfType<RegisteredContext>()
        .Distinct();

    private static RegisteredContext? Read(ServiceDescriptor service, Type? type) => ContextOf(type) is { } context
        ? new RegisteredContext(
            context,
            service.ServiceType,
            service.ServiceKey,
            service.IsKeyedService ? service.KeyedImplementationInstance : service.ImplementationInstance)
        : null;

    private static Type? ImplementationOf(ServiceDescriptor service) => service.IsKeyedService
        ? service.KeyedImplementationType ?? service.KeyedImplementationInstance?.GetType()
        : service.ImplementationType ?? service.ImplementationInstance?.GetType();

    // By its options, by a factory of it, or by itself where it configures itself.
    private static Type? ContextOf(Type? type) => type switch
    {
        null or { ContainsGenericParameters: true } => null,
        { IsGenericType: true } when Makers.Contains(type.GetGenericTypeDefinition()) => ContextOf(type.GenericTypeArguments[0]),
        { IsGenericType: true } when typeof(Delegate).IsAssignableFrom(type) => ContextOf(type.GetMethod("Invoke")!.ReturnType),
        _ => typeof(DbContext).IsAssignableFrom(type) ? type : null,
    };
}
