using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.HealthChecks.Internal;

/// <summary>Whether an endpoint may be called now: its service is ready, or it is health itself.</summary>
internal sealed class Admission(ReadinessHub hub) : IEndpointAdmission
{
    public static bool IsExempt(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<HealthEndpointMetadata>() is not null;

    public Rejection? Check(HttpContext context, Endpoint endpoint) => IsExempt(endpoint) || IsOpen(context, endpoint) ? null : NotReady(endpoint);

    // Operators have to be able to look at a service that is not ready.
    public bool IsOpen(HttpContext context, Endpoint? endpoint) =>
        context.GetListener()?.Role == ListenerRole.Management || hub.Current.IsReadyFor(HealthServices.ServiceOf(endpoint));

    public Rejection NotReady(Endpoint? endpoint)
    {
        var state = hub.Current;
        var service = HealthServices.ServiceOf(endpoint);
        return HealthRefusals.Family.Refuse(
            HealthRejectionReason.NotReady,
            state.Services.ContainsKey(service)
                ? $"Service {service} waits for one of its dependencies (state {state.Version})."
                : $"Waiting for {state.Unusable()} (state {state.Version}).");
    }
}
