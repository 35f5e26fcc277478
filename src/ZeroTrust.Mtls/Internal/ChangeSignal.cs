using Microsoft.Extensions.Primitives;

namespace ZeroTrust.Mtls.Internal;

/// <summary>Hands out one-shot change tokens.</summary>
#pragma warning disable CA1001 // never disposed: a reader may be about to take the token of a source that has just fired
internal sealed class ChangeSignal
#pragma warning restore CA1001
{
    private CancellationTokenSource _next = new();

    public IChangeToken Token => new CancellationChangeToken(Volatile.Read(ref _next).Token);

    public void Fire() => Interlocked.Exchange(ref _next, new CancellationTokenSource()).Cancel();
}
