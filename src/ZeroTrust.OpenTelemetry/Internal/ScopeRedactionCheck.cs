using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>Stops the host when the scopes of its logs would be exported as they are.</summary>
internal sealed class ScopeRedactionCheck(IEnumerable<ILoggerProvider> providers) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        providers.OfType<OpenTelemetryLoggerProvider>().Any() && !providers.OfType<ScopeRedactionLoggerProvider>().Any()
            ? throw new InvalidOperationException(
                "The logger provider that redacts scopes was removed, by ClearProviders() after AddRedaction(). Call AddRedaction() after ClearProviders().")
            : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
