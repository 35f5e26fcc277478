using Microsoft.Extensions.Primitives;

namespace ZeroTrust.Mtls.Internal;

/// <summary>Hands out one-shot change tokens.</summary>
internal sealed class ChangeSignal
{
    private CancellationTokenSource _next = new();

    public IChangeToken Token => new CancellationChangeToken(Volatile.Read(ref _next).Token);

    public void Fire()
    {
        // Not disposed: a reader may be about to take its token.
        Interlocked.Exchange(ref _next, new CancellationTokenSource()).Cancel();
    }
}
