using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ZeroTrust.Authz.Grpc.Internal;

/// <summary>
/// Marks what the calls of this service to others throw. A method that lets it pass has decided nothing; one that throws a status has.
/// </summary>
internal sealed class CalledServerInterceptor : Interceptor
{
    private const string Mark = "zerotrust.called";

    /// <summary>Whether the status is one that a call to another server ended with.</summary>
    public static bool IsOfCalledServer(RpcException failure) => failure.Data.Contains(Mark);

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        try
        {
            return continuation(request, context);
        }
        catch (RpcException failure) when (Marked(failure))
        {
            throw;
        }
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, context);
        return new AsyncUnaryCall<TResponse>(
            WatchAsync(call.ResponseAsync), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(context);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            call.RequestStream, WatchAsync(call.ResponseAsync), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, context);
        return new AsyncServerStreamingCall<TResponse>(
            new WatchedReader<TResponse>(call.ResponseStream), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(context);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            call.RequestStream,
            new WatchedReader<TResponse>(call.ResponseStream),
            call.ResponseHeadersAsync,
            call.GetStatus,
            call.GetTrailers,
            call.Dispose);
    }

    private static bool Marked(RpcException failure)
    {
        failure.Data[Mark] = true;
        return true;
    }

    private static Task<T> WatchAsync<T>(Task<T> response)
    {
        if (response.IsCompletedSuccessfully)
        {
            return response;
        }

        var watched = AwaitAsync(response);

        // A call that is given up has nobody who waits for it: as with the client's own task, that is no unobserved exception.
        _ = watched.ContinueWith(
            static task => _ = task.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return watched;
    }

    private static async Task<T> AwaitAsync<T>(Task<T> response)
    {
        try
        {
            return await response.ConfigureAwait(false);
        }
        catch (RpcException failure) when (Marked(failure))
        {
            throw;
        }
    }

    // Until the first message, which no server sends that refuses the call: a stream pays nothing for each of them.
    private sealed class WatchedReader<T>(IAsyncStreamReader<T> inner) : IAsyncStreamReader<T>
    {
        private bool _hasMessage;

        public T Current => inner.Current;

        public Task<bool> MoveNext(CancellationToken cancellationToken) =>
            _hasMessage ? inner.MoveNext(cancellationToken) : FirstAsync(cancellationToken);

        private async Task<bool> FirstAsync(CancellationToken cancellationToken) =>
            _hasMessage = await WatchAsync(inner.MoveNext(cancellationToken)).ConfigureAwait(false);
    }
}
