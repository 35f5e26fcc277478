using Microsoft.Extensions.Primitives;

namespace ZeroTrust.Shared;

/// <summary>A one-shot change token whose callbacks run on the pool, each by itself: none can throw into the publisher, block it, or keep another from running.</summary>
#pragma warning disable CA1001 // never disposed: a reader may be about to register with a token that has just fired
internal sealed class ReloadToken(Action<Exception> failed) : IChangeToken
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _fired = new();

    public bool HasChanged => _fired.IsCancellationRequested;

    public bool ActiveChangeCallbacks => true;

    // Without the ambient values of the subscriber, as CancellationChangeToken registers too.
    public IDisposable RegisterChangeCallback(Action<object?> callback, object? state) => _fired.Token.UnsafeRegister(
        static listener => ThreadPool.UnsafeQueueUserWorkItem((Listener)listener!, preferLocal: false), new Listener(callback, state, failed));

    public void Fire() => _fired.Cancel();

    private sealed class Listener(Action<object?> callback, object? state, Action<Exception> failed) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            try
            {
                callback(state);
            }
            catch (Exception exception)
            {
                failed(exception);
            }
        }
    }
}
