using System.Diagnostics;

namespace ZeroTrust.OpenTelemetry.Propagation;

/// <summary>The platform's propagator, which <c>HttpClient</c> uses by itself; it leaves baggage out where the destination is not listed.</summary>
internal sealed class GuardedContextPropagator(DistributedContextPropagator inner, BaggageDestinations destinations) : DistributedContextPropagator
{
    /// <summary>The headers of W3C, of the platform before it, of Jaeger and of OpenTracing.</summary>
    private static readonly string[] BaggageHeaders = ["baggage", "correlation-context", "uberctx-", "ot-baggage-"];

    /// <summary>What is left when the hosts that have stopped are taken out.</summary>
    public DistributedContextPropagator WithoutStopped => destinations.IsStopped ? (inner as GuardedContextPropagator)?.WithoutStopped ?? inner : this;

    public override IReadOnlyCollection<string> Fields => inner.Fields;

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        if (setter is null || destinations.MayCarry(carrier))
        {
            inner.Inject(activity, carrier, setter);
            return;
        }

        inner.Inject(activity, carrier, (target, name, value) =>
        {
            if (!IsBaggage(name))
            {
                setter(target, name, value);
            }
        });
    }

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        inner.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) =>
        inner.ExtractBaggage(carrier, getter);

    private static bool IsBaggage(string header) =>
        Array.Exists(BaggageHeaders, start => header.StartsWith(start, StringComparison.OrdinalIgnoreCase));
}
