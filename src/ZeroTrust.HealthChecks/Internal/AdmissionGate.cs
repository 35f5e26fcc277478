using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.HealthChecks.Internal;

/// <summary>Lets a call in only while the service is ready. The drain never closes it.</summary>
internal sealed class AdmissionGate
{
    private readonly ConnectionDrain _drain;
    private readonly ReadinessHub _hub;
    private readonly RequestDelegate _next;
    private readonly RequestDelegate _refuse;

    public AdmissionGate(RequestDelegate next, ReadinessHub hub, RejectionHandler rejections, TimeProvider time)
    {
        _next = next;
        _hub = hub;
        _drain = new ConnectionDrain(_ => hub.Current.IsDraining, time);
        _refuse = context => rejections.RefuseAsync(context, NotReady());
    }

    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<HealthEndpointMetadata>() is not null
            ? _next(context)
            : _drain.RunAsync(context, _hub.Current.IsReady ? _next : _refuse);

    private Rejection NotReady()
    {
        var state = _hub.Current;
        return HealthRefusals.Family.Refuse(HealthRejectionReason.NotReady, $"Waiting for {state.Unusable()} (state {state.Version}).");
    }
}
