using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ZeroTrust.Testing;

/// <summary>
/// Sends canaries through a service's own telemetry pipelines, on every surface of spans, logs and metrics that OTLP writes, and looks for them in the
/// bytes that arrive. It needs no package for redaction: whatever the service does about its telemetry is what is tested.
/// </summary>
public static class RedactionAssert
{
    /// <summary>What a tracer or meter provider has to listen to; <see cref="RedactionCanaryExtensions.AddRedactionCanaries"/> sees to it.</summary>
    public const string SourcePattern = SourceName + "*";

    internal const string SourceName = "ZeroTrust.Testing.Canaries";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Checks every pipeline that a service has registered.</summary>
    /// <param name="services">The service's container, with <see cref="RedactionCanaryExtensions.AddRedactionCanaries"/>.</param>
    /// <param name="receiver">Where the service exports to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RedactionAssertException">A canary arrived; or of a registered signal nothing did.</exception>
    /// <exception cref="ArgumentException">The service has no pipeline.</exception>
    public static Task NothingLeaksAsync(IServiceProvider services, OtlpReceiver receiver, CancellationToken cancellationToken) =>
        NothingLeaksAsync(RedactionTarget.Of(services), receiver, cancellationToken);

    /// <summary>Checks pipelines that were built by hand.</summary>
    /// <param name="target">The pipelines.</param>
    /// <param name="receiver">Where they export to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RedactionAssertException">A canary arrived; or of a named signal nothing did.</exception>
    /// <exception cref="ArgumentException">The target has no pipeline.</exception>
    public static Task NothingLeaksAsync(RedactionTarget target, OtlpReceiver receiver, CancellationToken cancellationToken) =>
        NothingLeaksAsync(target, receiver, Patience, cancellationToken);

    internal static async Task NothingLeaksAsync(RedactionTarget target, OtlpReceiver receiver, TimeSpan patience, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(receiver);
        if (target.Tracers.Count + target.Meters.Count == 0 && target.Logs is null)
        {
            throw new ArgumentException("There is no tracer provider, meter provider or logger to check.", nameof(target));
        }

        var canaries = new CanarySet();
        using var metrics = new MetricCanaries(canaries);
        Emit(target, canaries, metrics);
        Flush(target);
        await receiver.WaitUntilAsync(requests => canaries.Missing(requests).Count == 0, patience, cancellationToken).ConfigureAwait(false);
        var (leaks, missing) = (canaries.Leaks(receiver.Requests), canaries.Missing(receiver.Requests));
        if (leaks.Count + missing.Count > 0)
        {
            throw new RedactionAssertException(leaks, missing);
        }
    }

    private static void Emit(RedactionTarget target, CanarySet canaries, MetricCanaries metrics)
    {
        if (target.Tracers.Count > 0)
        {
            new SpanCanaries(canaries).Emit();
        }

        if (target.Logs is { } logs)
        {
            new LogCanaries(canaries, logs).Emit();
        }

        if (target.Meters.Count > 0)
        {
            metrics.Emit();
        }

        canaries.ExpectResource();
    }

    private static void Flush(RedactionTarget target)
    {
        foreach (var provider in target.Tracers)
        {
            provider.ForceFlush();
        }

        foreach (var provider in target.Loggers)
        {
            provider.ForceFlush();
        }

        foreach (var provider in target.Meters)
        {
            provider.ForceFlush();
        }
    }
}
