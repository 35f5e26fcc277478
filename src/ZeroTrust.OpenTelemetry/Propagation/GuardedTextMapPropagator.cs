using OpenTelemetry.Context.Propagation;

namespace ZeroTrust.OpenTelemetry.Propagation;

/// <summary>OpenTelemetry's propagator, which leaves baggage out where the destination is not listed.</summary>
internal sealed class GuardedTextMapPropagator(TextMapPropagator inner, BaggageDestinations destinations) : TextMapPropagator
{
    /// <summary>What is left when the hosts that have stopped are taken out.</summary>
    public TextMapPropagator WithoutStopped => destinations.IsStopped ? (inner as GuardedTextMapPropagator)?.WithoutStopped ?? inner : this;

    public override ISet<string>? Fields => inner.Fields;

    public override PropagationContext Extract<T>(PropagationContext context, T carrier, Func<T, string, IEnumerable<string>?> getter) =>
        inner.Extract(context, carrier, getter);

    public override void Inject<T>(PropagationContext context, T carrier, Action<T, string, string> setter) =>
        inner.Inject(destinations.MayCarry(carrier) ? context : new PropagationContext(context.ActivityContext, default), carrier, setter);
}
