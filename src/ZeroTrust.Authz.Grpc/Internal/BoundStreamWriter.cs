using Grpc.Core;

namespace ZeroTrust.Authz.Grpc.Internal;

/// <summary>A response stream that ends with its context. A write that waits for the client is left to finish or be cut off: half a message cannot be taken back.</summary>
internal sealed class BoundStreamWriter<T>(IServerStreamWriter<T> inner, StreamLifetime lifetime) : IServerStreamWriter<T>
{
    public WriteOptions? WriteOptions
    {
        get => inner.WriteOptions;
        set => inner.WriteOptions = value;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        lifetime.ThrowIfExpired();
        return inner.WriteAsync(message, cancellationToken);
    }
}
