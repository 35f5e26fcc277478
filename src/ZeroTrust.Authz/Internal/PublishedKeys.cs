using Microsoft.Extensions.Primitives;
using ZeroTrust.Jose;

namespace ZeroTrust.Authz.Internal;

/// <summary>The keys of one token service at present, and one-shot tokens that fire when they are others.</summary>
#pragma warning disable CA1001 // never disposed: a reader may be about to take the token of a source that has just fired
internal sealed class PublishedKeys
#pragma warning restore CA1001
{
    private JsonWebKeySet? _current;
    private CancellationTokenSource _next = new();

    internal JsonWebKeySet? Current => Volatile.Read(ref _current);

    internal IChangeToken Token => new CancellationChangeToken(Volatile.Read(ref _next).Token);

    internal void Publish(JsonWebKeySet keys)
    {
        Volatile.Write(ref _current, keys);
        Interlocked.Exchange(ref _next, new CancellationTokenSource()).Cancel();
    }
}
