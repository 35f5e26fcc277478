using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.Grpc.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.Authz.Grpc.Internal;

/// <summary>Gives what leaves a method its status: a rejection its code, any other failure INTERNAL and not a word more; ends streams with their context.</summary>
internal sealed class RejectionInterceptor(RejectionHandler rejections, TimeProvider time, ILogger<RejectionInterceptor> logger) : Interceptor
{
    private readonly QuietLogger _logger = new(logger);

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        AnswerAsync(() => continuation(request, context), context, lifetime: null);

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var lifetime = new StreamLifetime(context, time);
        return AnswerAsync(() => continuation(lifetime.Bound(requestStream), lifetime.Context), context, lifetime);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var lifetime = new StreamLifetime(context, time);
        return AnswerAsync(
            () => DoneAsync(continuation(request, lifetime.Bound(responseStream), lifetime.Context)), context, lifetime);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var lifetime = new StreamLifetime(context, time);
        return AnswerAsync(
            () => DoneAsync(continuation(lifetime.Bound(requestStream), lifetime.Bound(responseStream), lifetime.Context)), context, lifetime);
    }

    private static async Task<bool> DoneAsync(Task task)
    {
        await task.ConfigureAwait(false);
        return true;
    }

    private async Task<T> AnswerAsync<T>(Func<Task<T>> method, ServerCallContext context, StreamLifetime? lifetime)
    {
        try
        {
            var result = await method().ConfigureAwait(false);
            lifetime?.ThrowIfExpired(); // a method that swallowed its cancellation has not completed the stream
            return result;
        }
        catch (Exception) when (lifetime?.HasExpired == true)
        {
            throw Refused(context, StreamLifetime.Expired());
        }
        catch (Exception failure) when (RefusalIn(failure) is not null)
        {
            throw Refused(context, RefusalIn(failure)!);
        }
        catch (RpcException failure) when (failure.Status.DebugException is not null)
        {
            // Made by a client in this process: its text names addresses and certificates behind this workload.
            Log.UpstreamFailed(_logger, failure, context.Method, failure.StatusCode);
            throw new RpcException(new Status(failure.StatusCode, string.Empty, failure));
        }
        catch (Exception failure) when (failure is not RpcException && !context.CancellationToken.IsCancellationRequested)
        {
            Log.MethodFailed(_logger, failure, context.Method);
            throw new RpcException(new Status(StatusCode.Internal, string.Empty, failure)); // the third argument stays in this process
        }
        finally
        {
            if (lifetime is not null)
            {
                await lifetime.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    // A status that the method throws itself is its decision, whatever the cause.
    private Rejection? RefusalIn(Exception failure) => failure is RpcException answered
        ? RejectionException.FindIn(answered) ?? GrpcUpstreamRefusalReader.Passed(answered)
        : rejections.FindRefusal(failure);

    // Of FAILED_PRECONDITION transcoding makes 400, which blames the caller, and of UNAVAILABLE 503 for every method.
    private static void AnswerWith(HttpResponse response, int status)
    {
        if (!response.HasStarted)
        {
            response.OnStarting(() =>
            {
                response.StatusCode = status;
                return Task.CompletedTask;
            });
        }
    }

    private RpcException Refused(ServerCallContext context, Rejection rejection)
    {
        var http = context.GetHttpContext();
        rejections.Report(http, rejection);

        // JSON transcoding writes details only of types the application registered, and fails on others.
        if (GrpcRejectionWriter.IsGrpc(http))
        {
            return RejectionRpc.ToRpcException(rejection);
        }

        var told = RejectionHandler.Answerable(rejection);
        if (rejection.IsOutbound)
        {
            AnswerWith(http.Response, RejectionHandler.StatusOf(http, told));
        }

        return new RpcException(new Status(RejectionRpc.StatusOf(told), told.Code));
    }
}
