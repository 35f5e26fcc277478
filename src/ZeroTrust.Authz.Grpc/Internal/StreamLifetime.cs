using Grpc.Core;
using ZeroTrust.Authz.AspNetCore;

namespace ZeroTrust.Authz.Grpc.Internal;

/// <summary>
/// Ties a streaming call to its context: at expiry the method's token is cancelled and its streams refuse, so the method ends and the
/// client is told why. A method that ignores both is cut off a little later, as every answer is that outlasts its context.
/// </summary>
/// <remarks>The method is always awaited: one left running behind a finished call would meet the next call's pooled <c>HttpContext</c>.</remarks>
internal sealed class StreamLifetime : IAsyncDisposable
{
    private readonly CancellationTokenSource _expired = new();
    private readonly CancellationTokenSource? _linked;
    private readonly ITimer? _expiry;

    public StreamLifetime(ServerCallContext context, TimeProvider time)
    {
        Context = context;
        var http = context.GetHttpContext();
        if (http.Features.Get<IAuthzContextFeature>()?.Verdict is not { IsAccepted: true, Value.ExpiresAt: var expiresAt })
        {
            return;
        }

        var left = expiresAt - time.GetUtcNow();
        left = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        _linked = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, _expired.Token);
        Context = new BoundCallContext(context, http, _linked.Token);

        // Asynchronously: what the method registered on its token may throw, and must not do so on the timer's thread.
        _expiry = time.CreateTimer(static state => _ = ((CancellationTokenSource)state!).CancelAsync(), _expired, left, Timeout.InfiniteTimeSpan);
    }

    public ServerCallContext Context { get; }

    public bool HasExpired => _expired.IsCancellationRequested;

    public CancellationToken Token => _expired.Token;

    public static Rejection Expired() => AuthzRejections.Refuse(AuthzRejectionReason.Expired, "The stream outlived its context.");

    public void ThrowIfExpired()
    {
        if (HasExpired)
        {
            throw new RejectionException(Expired());
        }
    }

    public IAsyncStreamReader<T> Bound<T>(IAsyncStreamReader<T> reader) => _linked is null ? reader : new BoundStreamReader<T>(reader, this);

    public IServerStreamWriter<T> Bound<T>(IServerStreamWriter<T> writer) => _linked is null ? writer : new BoundStreamWriter<T>(writer, this);

    public async ValueTask DisposeAsync()
    {
        if (_expiry is not null)
        {
            await _expiry.DisposeAsync().ConfigureAwait(false);
        }

        _linked?.Dispose();
        _expired.Dispose();
    }
}
