using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>Puts a gate before the delegate of every endpoint that a call is given, once for each endpoint.</summary>
internal sealed class EndpointGates
{
    private readonly ConditionalWeakTable<Endpoint, Endpoint> _guarded = [];
    private readonly ConditionalWeakTable<IFeatureCollection, GuardedCall> _calls = [];
    private readonly ConditionalWeakTable<Endpoint, Endpoint>.CreateValueCallback _guard;
    private readonly ConditionalWeakTable<IFeatureCollection, GuardedCall>.CreateValueCallback _call;
    private readonly EndpointJudge _judge;

    public EndpointGates(EndpointJudge judge)
    {
        _judge = judge;
        _guard = endpoint => new EndpointGate(_judge, endpoint).Guarded;
        _call = _ => new GuardedCall(this);
    }

    public GuardedCall Begin(HttpContext context)
    {
        // Kestrel has one collection for call after call of a connection, and they share one object; others make a collection for each call.
        var features = context.Features;
        var call = features is FeatureCollection ? new GuardedCall(this) : _calls.GetValue(features, _call);
        call.Begin(context);
        return call;
    }

    /// <summary>The endpoint whose delegate asks first; the same one for the same endpoint, and itself for one that asks already.</summary>
    public Endpoint Guard(Endpoint endpoint) =>
        endpoint.RequestDelegate is not { } run || (run.Target is EndpointGate gate && gate.IsOf(_judge, endpoint))
            ? endpoint
            : _guarded.GetValue(endpoint, _guard);

    public static Rejection Undecided(HttpContext context) => AspNetCoreRejections.Refuse(
        AspNetCoreRejectionReason.ResponseUndecided,
        $"A response was about to start ({context.Response.StatusCode}) and no decision had accepted the call; endpoint {context.GetEndpoint()?.DisplayName ?? "none"}.");

    public void ReportUndecided(HttpContext context) => _judge.Report(context, Undecided(context));
}
