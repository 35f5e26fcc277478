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
    private readonly Admission _admission;
    private readonly RequestDelegate _next;
    private readonly RequestDelegate _nextStream;
    private readonly RequestDelegate _refuse;

    public AdmissionGate(RequestDelegate next, ReadinessHub hub, Admission admission, RejectionHandler rejections, TimeProvider time)
    {
        _next = next;
        _nextStream = StreamAsync;
        _hub = hub;
        _admission = admission;
        _drain = new ConnectionDrain(_ => hub.Current.IsDraining, time);
        _refuse = context => rejections.RefuseAsync(context, admission.NotReady(context.GetEndpoint()));
    }

    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (Admission.IsExempt(endpoint))
        {
            return _next(context);
        }

        var call = !_admission.IsOpen(context, endpoint) ? _refuse : IsStream(endpoint) ? _nextStream : _next;
        return _drain.RunAsync(context, call);
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
}
