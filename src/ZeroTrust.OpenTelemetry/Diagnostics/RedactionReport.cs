using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ZeroTrust.OpenTelemetry.Internal;
using ZeroTrust.Shared;

namespace ZeroTrust.OpenTelemetry.Diagnostics;

/// <summary>Tells the operator what redaction did. Its own records are not reported on again.</summary>
internal sealed class RedactionReport(IServiceProvider services, ExportPolicyProvider policies)
{
    /// <summary>The category of its records.</summary>
    public const string Category = "ZeroTrust.OpenTelemetry.Redaction";

    // The logger factory is being built, from our processors among others, when this object is made.
    private readonly Lazy<ILogger> _logger = new(
        () => new QuietLogger(services.GetService<ILoggerFactory>()?.CreateLogger(Category) ?? NullLogger.Instance),
        LazyThreadSafetyMode.PublicationOnly);

    private readonly ConcurrentQueue<string> _faults = new();

    /// <summary>Names what was redacted, in development and on request only.</summary>
    /// <param name="signal">One of <see cref="Signals"/>.</param>
    /// <param name="surface">Where in the record.</param>
    /// <param name="key">The key as it is exported.</param>
    /// <param name="rule">One of <see cref="RuleKinds"/>.</param>
    public void Redacted(string signal, string surface, string key, string rule)
    {
        if (policies.Current.ExplainsRedactions)
        {
            Log.Redacted(_logger.Value, signal, surface, key, rule);
        }
    }

    /// <summary>Why providers export nothing.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public void ExportStopped(string signal, string fault)
    {
        _faults.Enqueue($"A provider exports no {signal}: {fault}.");
        Log.ExportStopped(_logger.Value, signal, fault);
    }

    public void MetricDropped(string meter, string instrument, string surface) => Log.MetricDropped(_logger.Value, instrument, meter, surface);
}
