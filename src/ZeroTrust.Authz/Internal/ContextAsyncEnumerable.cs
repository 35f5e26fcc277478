namespace ZeroTrust.Authz.Internal;

internal sealed class ContextAsyncEnumerable<T>(IAsyncEnumerable<T> source, AuthzContextCapture capture) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(source, capture, cancellationToken);

    private sealed class Enumerator(IAsyncEnumerable<T> source, AuthzContextCapture capture, CancellationToken cancellationToken) : IAsyncEnumerator<T>
    {
        private IAsyncEnumerator<T>? _inner;

        public T Current => _inner is { } inner ? inner.Current : default!;

        // An async method: what it enters is gone for the consumer when it returns.
        public async ValueTask<bool> MoveNextAsync()
        {
            using var scope = capture.Enter();
            _inner ??= source.GetAsyncEnumerator(cancellationToken);
            return await _inner.MoveNextAsync().ConfigureAwait(false);
        }

        public async ValueTask DisposeAsync()
        {
            // Expired or not, the iterator cleans up as who it ran for, and never as its consumer.
            using var scope = capture.EnterToCleanUp();
            if (_inner is { } inner)
            {
                await inner.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
