using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ZeroTrust.AspNetCore;
using ZeroTrust.HealthChecks.Diagnostics;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ZeroTrust.HealthChecks.Internal;

/// <summary>The standard gRPC health service (grpc/health/v1), read from the hub. One instance for all calls.</summary>
internal sealed class GrpcHealthService(
    ReadinessHub hub, HealthServices services, IOptions<HealthOptions> options, HealthMetrics metrics, RejectionHandler rejections)
    : Health.HealthBase
{
    private readonly WatchPlaces _places = new(options.Value.MaxWatchStreams);

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        services.TryGetQuestion(request.Service, out var question)
            ? Task.FromResult(new HealthCheckResponse { Status = Answer(question, hub.Current, request.Service) })
            : throw new RpcException(new Status(StatusCode.NotFound, "Unknown service."));

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        var http = context.GetHttpContext();
        using var place = _places.Take(PeerOf(http))
            ?? throw Refused(http, $"{options.Value.MaxWatchStreams} are open, and no other peer holds more than its share.");
        metrics.WatchStarted();
        try
        {
            await FollowAsync(request.Service, responseStream, context.CancellationToken, place.GaveWay).ConfigureAwait(false);
        }
        finally
        {
            _places.Return(place);
            metrics.WatchEnded();
        }

        if (place.GaveWay.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            throw Refused(http, $"{options.Value.MaxWatchStreams} are open; this one, the newest of the peer with most, gave way to another peer's.");
        }
    }

    private static string PeerOf(HttpContext context) =>
        context.GetVerifiedPeer()?.ToString() ?? context.Connection.RemoteIpAddress?.ToString() ?? string.Empty;

    private static ServingStatus Answer(HealthQuestion question, ReadinessState state, string service) =>
        question.IsYes(state, service) ? ServingStatus.Serving : ServingStatus.NotServing;

    private RpcException Refused(HttpContext context, string detail)
    {
        var rejection = HealthRefusals.Family.Refuse(HealthRejectionReason.TooManyWatches, detail);
        rejections.Report(context, rejection);
        return new RpcException(new Status(StatusCode.ResourceExhausted, rejection.Code));
    }

    private async Task FollowAsync(
        string service, IServerStreamWriter<HealthCheckResponse> stream, CancellationToken cancelled, CancellationToken gaveWay)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancelled, hub.Drained, gaveWay);
        try
        {
            var isKnown = services.TryGetQuestion(service, out var question);
            ServingStatus? sent = null;
            var state = hub.Current;
            while (true)
            {
                var status = isKnown ? Answer(question, state, service) : ServingStatus.ServiceUnknown;
                if (status != sent)
                {
                    await stream.WriteAsync(new HealthCheckResponse { Status = status }, end.Token).ConfigureAwait(false);
                    sent = status;
                }

                state = await hub.WaitForChangeAsync(state.Version, end.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client left, the process is about to, or another peer was given the place: the stream ends in order, so that it never
            // holds up the shutdown.
        }
    }
}
