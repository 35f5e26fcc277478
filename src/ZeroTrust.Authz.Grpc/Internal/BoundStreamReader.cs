using Grpc.Core;

namespace ZeroTrust.Authz.Grpc.Internal;

/// <summary>A request stream that ends with its context.</summary>
internal sealed class BoundStreamReader<T>(IAsyncStreamReader<T> inner, StreamLifetime lifetime) : IAsyncStreamReader<T>
{
    public T Current => inner.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        lifetime.ThrowIfExpired();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.Token);
        try
        {
            var moved = await inner.MoveNext(either.Token).ConfigureAwait(false);
            lifetime.ThrowIfExpired();
            return moved;
        }
        catch (OperationCanceledException ended) when (lifetime.HasExpired)
        {
            throw new RejectionException(StreamLifetime.Expired(), ended);
        }
    }
}
