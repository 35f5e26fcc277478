using Microsoft.Extensions.Primitives;

namespace ZeroTrust.Shared;

/// <summary>The current value of a source, and one-shot tokens that fire when there is another.</summary>
internal sealed class Reloadable<T>
    where T : class?
{
    private readonly Action<Exception> _listenerFailed;
    private T _value;
    private ReloadToken _token;

    public Reloadable(T first, string source, WatchEvents events)
    {
        _listenerFailed = exception => events.ListenerFailed(source, exception);
        _value = first;
        _token = new ReloadToken(_listenerFailed);
    }

    public T Value => Volatile.Read(ref _value);

    public IChangeToken Token => Volatile.Read(ref _token);

    public void Publish(T value)
    {
        Volatile.Write(ref _value, value);
        Interlocked.Exchange(ref _token, new ReloadToken(_listenerFailed)).Fire();
    }
}
