using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ZeroTrust.Testing;

/// <summary>The pipelines that <see cref="RedactionAssert"/> sends its canaries through.</summary>
public sealed class RedactionTarget
{
    /// <summary>The tracer providers, each listening to <see cref="RedactionAssert.SourcePattern"/>.</summary>
    /// <value>Default empty: spans are not checked.</value>
    public IReadOnlyList<TracerProvider> Tracers { get; init; } = [];

    /// <summary>The meter providers, each listening to <see cref="RedactionAssert.SourcePattern"/>.</summary>
    /// <value>Default empty: metrics are not checked.</value>
    public IReadOnlyList<MeterProvider> Meters { get; init; } = [];

    /// <summary>The factory of the loggers that are exported.</summary>
    /// <value>Default <see langword="null"/>: logs are not checked.</value>
    public ILoggerFactory? Logs { get; init; }

    /// <summary>The logger providers to flush. One that is not named is waited for.</summary>
    /// <value>Default empty.</value>
    public IReadOnlyList<LoggerProvider> Loggers { get; init; } = [];

    /// <summary>Everything that a service has registered; what it has not registered is not checked.</summary>
    /// <param name="services">The service's container.</param>
    public static RedactionTarget Of(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var loggers = services.GetServices<LoggerProvider>().ToList();
        var exportsLogs = loggers.Count > 0 || services.GetServices<ILoggerProvider>().OfType<OpenTelemetryLoggerProvider>().Any();
        return new RedactionTarget
        {
            Tracers = [.. services.GetServices<TracerProvider>()],
            Meters = [.. services.GetServices<MeterProvider>()],
            Logs = exportsLogs ? services.GetRequiredService<ILoggerFactory>() : null,
            Loggers = loggers,
        };
    }
}
