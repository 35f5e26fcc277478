using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.OpenTelemetry.Internal;
using ZeroTrust.OpenTelemetry.Pipeline;
using ZeroTrust.Redaction;

namespace ZeroTrust.OpenTelemetry.Logging;

/// <summary>
/// Logs nothing. The logger factory hands it the scope provider that all logger providers share; it hands OpenTelemetry's logger provider
/// the same scopes, redacted. Other providers keep the scopes as they are.
/// </summary>
internal sealed class ScopeRedactionLoggerProvider(
    IServiceProvider services, RedactionPolicyProvider policies, SurfaceRedactor surfaces, ScopeMemory memory, RedactionMetrics metrics)
    : ILoggerProvider, ISupportExternalScope
{
    private readonly Lock _lock = new();
    private RedactingScopeProvider? _scopes;
    private bool _installed;

    public void SetScopeProvider(IExternalScopeProvider scopeProvider)
    {
        lock (_lock)
        {
            _scopes = new RedactingScopeProvider(scopeProvider, policies, surfaces, memory, metrics);
            _installed = false;
        }
    }

    /// <summary>The factory creates loggers only after it has set the scope provider of every logger provider, so nothing overwrites ours.</summary>
    public ILogger CreateLogger(string categoryName)
    {
        lock (_lock)
        {
            if (!_installed && _scopes is not null)
            {
                _installed = true;
                foreach (var provider in services.GetServices<ILoggerProvider>().OfType<OpenTelemetryLoggerProvider>())
                {
                    ((ISupportExternalScope)provider).SetScopeProvider(_scopes);
                }

                foreach (var provider in services.GetServices<LoggerProvider>())
                {
                    PipelineProof.Logs(provider); // before the first record, which an exporter in front of redaction would see first
                }
            }
        }

        return NullLogger.Instance;
    }

    public void Dispose()
    {
    }
}
