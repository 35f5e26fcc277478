using Microsoft.AspNetCore.Builder;
using ZeroTrust.HealthChecks;
using ZeroTrust.HealthChecks.Internal;

namespace ZeroTrust;

/// <summary>Says which service of <see cref="HealthOptions.Services"/> an endpoint belongs to.</summary>
public static class HealthChecksEndpointConventionBuilderExtensions
{
    /// <summary>Admits calls to the endpoint while this service is ready, rather than while the whole process is. gRPC methods belong to their gRPC service without it.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint.</param>
    /// <param name="service">The service's name, which gRPC health answers for too.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="service"/> is empty, or one of the names <c>ready</c>, <c>live</c> and <c>startup</c>.</exception>
    public static TBuilder WithHealthService<TBuilder>(this TBuilder builder, string service)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentException.ThrowIfNullOrEmpty(service);
        if (service is CheckPlan.ReadyTag or CheckPlan.LiveTag or CheckPlan.StartupTag)
        {
            throw new ArgumentException($"'{service}' is a question about the process.", nameof(service));
        }

        return builder.WithMetadata(new HealthServiceMetadata(service));
    }
}
