using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.HealthChecks.Internal;

/// <summary>Lets a call in only while the service is ready. The drain never closes it.</summary>
internal sealed class AdmissionGate(RequestDelegate next, ReadinessHub hub, RejectionHandler rejections)
{
    public Task InvokeAsync(HttpContext context)
    {
        ConnectionDrain.Attach(context, hub);
        var state = hub.Current;
        if (state.IsReady || context.GetEndpoint()?.Metadata.GetMetadata<HealthEndpointMetadata>() is not null)
        {
            return next(context);
        }

        return rejections.RefuseAsync(
            context, HealthRefusals.Family.Refuse(HealthRejectionReason.NotReady, $"Waiting for {state.Unusable()} (state {state.Version})."));
    }
}
