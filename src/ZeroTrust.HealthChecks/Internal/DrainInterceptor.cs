using Grpc.Core;
using Grpc.Core.Interceptors;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.HealthChecks.Internal;

/// <summary>Tells the client of a stream that still ran when the drain time was over that another replica can serve it.</summary>
internal sealed class DrainInterceptor(ReadinessHub hub, RejectionHandler rejections) : Interceptor
{
    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsEnding(exception))
        {
            throw Ended(context);
        }
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        FollowAsync(() => continuation(request, responseStream, context), context);

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        FollowAsync(() => continuation(requestStream, responseStream, context), context);

    private async Task FollowAsync(Func<Task> method, ServerCallContext context)
    {
        try
        {
            await method().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsEnding(exception))
        {
            throw Ended(context);
        }

        // One that swallowed its cancellation has not sent everything, and must not look as if it had.
        if (hub.Ending.IsCancellationRequested)
        {
            throw Ended(context);
        }
    }

    private bool IsEnding(Exception exception) => exception is not RpcException && hub.Ending.IsCancellationRequested;

    private RpcException Ended(ServerCallContext context)
    {
        var rejection = HealthRefusals.Family.Refuse(HealthRejectionReason.Draining, "The stream still ran when the drain time was over.");
        rejections.Report(context.GetHttpContext(), rejection);
        return new RpcException(new Status(StatusCode.Unavailable, rejection.Code));
    }
}
