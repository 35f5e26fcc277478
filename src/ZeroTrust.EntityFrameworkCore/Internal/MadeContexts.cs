using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>Makes database contexts as their registrations do, to see whether AddTenancy has seen their options.</summary>
internal static class MadeContexts
{
    /// <summary>
    /// The first database context of a registration, or its options, that is neither confined nor named; null when there is none.
    /// </summary>
    internal static async Task<Type?> FindUnconfinedAsync(
        IServiceProvider services, RegisteredContext registered, Func<Type, bool> isWithoutTenancy)
    {
        foreach (var service in Resolve(services, registered))
        {
            if (service is IDbContextOptions options)
            {
                if (!IsConfined(options) && !isWithoutTenancy(registered.Context))
                {
                    return registered.Context;
                }
            }
            else if (service is DbContext resolved)
            {
                if (IsFault(resolved, isWithoutTenancy))
                {
                    return resolved.GetType();
                }
            }
            else if (Make(service, registered.Context) is { } made)
            {
                await using (made.ConfigureAwait(false))
                {
                    if (IsFault(made, isWithoutTenancy))
                    {
                        return made.GetType();
                    }
                }
            }
        }

        return null;
    }

    private static IEnumerable<object?> Resolve(IServiceProvider services, RegisteredContext registered) => registered switch
    {
        { Instance: { } instance } => [instance],
        { Service: var service } when service != registered.Context && !IsMaker(service) => [],
        { Key: null } => services.GetServices(registered.Service),
        { Key: var key } when key == KeyedService.AnyKey => [],
        _ => services.GetKeyedServices(registered.Service, registered.Key),
    };

    private static bool IsMaker(Type service) => service.IsGenericType;

    private static bool IsFault(DbContext context, Func<Type, bool> isWithoutTenancy) =>
        !isWithoutTenancy(context.GetType()) && !IsConfined(context.GetService<IDbContextOptions>());

    private static bool IsConfined(IDbContextOptions options) => options.FindExtension<TenancyOptionsExtension>() is not null;

    private static DbContext? Make(object? maker, Type context) => maker switch
    {
        Func<DbContext> make => make(),
        _ when typeof(IDbContextFactory<>).MakeGenericType(context) is var factory && factory.IsInstanceOfType(maker) =>
            Call(factory.GetMethod(nameof(IDbContextFactory<>.CreateDbContext))!, maker!),
        _ when typeof(Lazy<>).MakeGenericType(context) is var lazy && lazy.IsInstanceOfType(maker) =>
            Call(lazy.GetProperty(nameof(Lazy<>.Value))!.GetMethod!, maker!),
        _ => null,
    };

    private static DbContext? Call(MethodInfo method, object maker) =>
        (DbContext?)method.Invoke(maker, BindingFlags.DoNotWrapExceptions, binder: null, parameters: null, culture: null);
}
