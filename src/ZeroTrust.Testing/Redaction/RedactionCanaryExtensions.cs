using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ZeroTrust.Testing;

/// <summary>Lets the canaries of <see cref="RedactionAssert"/> into a service's pipelines.</summary>
public static class RedactionCanaryExtensions
{
    /// <summary>Has the service's tracer and meter providers listen to the canaries, and puts a canary into every resource.</summary>
    /// <param name="services">The services of the application under test.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddRedactionCanaries(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.ConfigureOpenTelemetryTracerProvider(static tracing => tracing.AddSource(RedactionAssert.SourcePattern).ConfigureResource(AddCanary));
        services.ConfigureOpenTelemetryMeterProvider(static metrics => metrics.AddMeter(RedactionAssert.SourcePattern).ConfigureResource(AddCanary));
        services.ConfigureOpenTelemetryLoggerProvider(static logging => logging.ConfigureResource(AddCanary));
        return services;
    }

    private static void AddCanary(ResourceBuilder resource) => resource.AddAttributes([new("canary.resource", CanarySet.Resource)]);
}
