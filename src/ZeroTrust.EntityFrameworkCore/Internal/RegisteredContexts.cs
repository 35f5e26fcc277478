using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>The database contexts among the services, once all are registered.</summary>
internal sealed class RegisteredContexts(IServiceCollection services)
{
    internal IEnumerable<Type> Get() => services
        .Select(service => service.ServiceType)
        .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(DbContextOptions<>))
        .Select(type => type.GenericTypeArguments[0])
        .Distinct();
}
