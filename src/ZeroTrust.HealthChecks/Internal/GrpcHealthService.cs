using Grpc.Core;
using Grpc.Health.V1;
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
    private int _watches;

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        services.TryGetQuestion(request.Service, out var question)
            ? Task.FromResult(new HealthCheckResponse { Status = Answer(question, hub.Current, request.Service) })
            : throw new RpcException(new Status(StatusCode.NotFound, "Unknown service."));

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        try
        {
            if (Interlocked.Increment(ref _watches) > options.Value.MaxWatchStreams)
            {
                var rejection = HealthRefusals.Family.Refuse(HealthRejectionReason.TooManyWatches, $"{options.Value.MaxWatchStreams} are open.");
                rejections.Report(context.GetHttpContext(), rejection);
                throw new RpcException(new Status(StatusCode.ResourceExhausted, rejection.Code));
            }

            metrics.WatchStarted();
            try
            {
                await FollowAsync(request.Service, responseStream, context.CancellationToken).ConfigureAwait(false);
            }
            finally
            {
                metrics.WatchEnded();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _watches);
        }
    }

    private static ServingStatus Answer(HealthQuestion question, ReadinessState state, string service) =>
        question.IsYes(state, service) ? ServingStatus.Serving : ServingStatus.NotServing;

    private async Task FollowAsync(string service, IServerStreamWriter<HealthCheckResponse> stream, CancellationToken cancelled)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancelled, hub.Drained);
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
            // The client left, or the process is about to: the stream ends in order, so that it never holds up the shutdown.
        }
    }
}
