using Microsoft.Extensions.Primitives;

namespace ZeroTrust.Mtls.Internal;

/// <summary>What a source shows at present, and one-shot tokens that fire when it shows something else.</summary>
#pragma warning disable CA1001 // never disposed: a reader may be about to take the token of a source that has just fired
internal sealed class Published<T>(T first)
#pragma warning restore CA1001
    where T : class
{
    private T _value = first ?? throw new ArgumentNullException(nameof(first));
    private CancellationTokenSource _next = new();

    public T Value => Volatile.Read(ref _value);

    public IChangeToken Token => new CancellationChangeToken(Volatile.Read(ref _next).Token);

    public void Publish(T value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Volatile.Write(ref _value, value);
        Interlocked.Exchange(ref _next, new CancellationTokenSource()).Cancel();
    }
}
