using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.HealthChecks.Internal;

/// <summary>Lets a call in only while its service is ready. The drain never closes it; the end of the drain ends the streams it let in.</summary>
internal sealed class AdmissionGate
{
    private readonly ConnectionDrain _drain;
    private readonly ReadinessHub _hub;
    private readonly RequestDelegate _next;
    private readonly RequestDelegate _nextStream;
    private readonly RequestDelegate _refuse;

    public AdmissionGate(RequestDelegate next, ReadinessHub hub, RejectionHandler rejections, TimeProvider time)
    {
        _next = next;
        _nextStream = StreamAsync;
        _hub = hub;
        _drain = new ConnectionDrain(_ => hub.Current.IsDraining, time);
        _refuse = context => rejections.RefuseAsync(context, NotReady(context));
    }

    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<HealthEndpointMetadata>() is not null)
        {
            return _next(context);
        }

        // Operators have to be able to look at a service that is not ready.
        var isAdmitted = context.GetListener()?.Role == ListenerRole.Management || _hub.Current.IsReadyFor(HealthServices.ServiceOf(endpoint));
        return _drain.RunAsync(context, !isAdmitted ? _refuse : IsStream(endpoint) ? _nextStream : _next);
    }

    private static bool IsStream(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<GrpcMethodMetadata>() is { Method.Type: not MethodType.Unary };

    private async Task StreamAsync(HttpContext context)
    {
        var aborted = context.RequestAborted;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted, _hub.Ending);
        context.RequestAborted = either.Token;
        try
        {
            await _next(context).ConfigureAwait(false);
        }
        finally
        {
            context.RequestAborted = aborted;
        }
    }

    private Rejection NotReady(HttpContext context)
    {
        var state = _hub.Current;
        var service = HealthServices.ServiceOf(context.GetEndpoint());
        return HealthRefusals.Family.Refuse(
            HealthRejectionReason.NotReady,
            state.Services.ContainsKey(service)
                ? $"Service {service} waits for one of its dependencies (state {state.Version})."
                : $"Waiting for {state.Unusable()} (state {state.Version}).");
    }
}
