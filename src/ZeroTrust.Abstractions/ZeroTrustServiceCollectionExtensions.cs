using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ZeroTrust.Internal;

namespace ZeroTrust;

/// <summary>The entry point of every registration.</summary>
public static class ZeroTrustServiceCollectionExtensions
{
    /// <summary>Begins the registration of ZeroTrust packages. Safe to call more than once.</summary>
    /// <param name="services">The services of the host.</param>
    /// <returns>The builder the packages extend.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IZeroTrustBuilder AddZeroTrust(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        return new ZeroTrustBuilder(services);
    }
}
