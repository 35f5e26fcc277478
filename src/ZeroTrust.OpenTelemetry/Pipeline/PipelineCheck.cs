using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.OpenTelemetry.Logging;

namespace ZeroTrust.OpenTelemetry.Pipeline;

/// <summary>Stops the host when scopes would be exported as they are, or when a provider exports nothing because its pipeline is not proved.</summary>
internal sealed class PipelineCheck(IServiceProvider services, RedactionReport report) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var provider in services.GetServices<TracerProvider>())
        {
            PipelineProof.Spans(provider);
        }

        foreach (var provider in services.GetServices<LoggerProvider>())
        {
            PipelineProof.Logs(provider);
        }

        _ = services.GetServices<MeterProvider>().Count(); // each proves itself when it is built
        if (report.Faults.Count > 0)
        {
            throw new InvalidOperationException(string.Join(' ', report.Faults));
        }

        var loggers = services.GetServices<ILoggerProvider>().ToList();
        return loggers.OfType<OpenTelemetryLoggerProvider>().Any() && !loggers.OfType<ScopeRedactionLoggerProvider>().Any()
            ? throw new InvalidOperationException(
                "The logger provider that redacts scopes was removed, by ClearProviders() after AddRedaction(). Call AddRedaction() after ClearProviders().")
            : Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
