namespace ZeroTrust.Authz.AspNetCore.Transports;

/// <summary>The caller that began a connection, and whether requests of it still run.</summary>
internal sealed class TransportOwner(string caller)
{
    private readonly Lock _gate = new();
    private int _running;
    private long _lastSeen;
    private bool _wasServed;
    private bool _isForgotten;

    /// <summary>Begins a request of the connection.</summary>
    /// <returns>Whether the connection is this caller's; null when the entry was forgotten in the meantime.</returns>
    public bool? TryBegin(string asking)
    {
        lock (_gate)
        {
            if (_isForgotten)
            {
                return null;
            }

            var isOwner = string.Equals(caller, asking, StringComparison.Ordinal);
            _running += isOwner ? 1 : 0;
            return isOwner;
        }
    }

    /// <summary>Ends a request of the connection.</summary>
    /// <returns>Whether to forget the connection: the framework has never known it.</returns>
    public bool End(long now, bool isServed)
    {
        lock (_gate)
        {
            _running--;
            _lastSeen = now;
            _wasServed |= isServed;
            return _isForgotten = _running == 0 && !_wasServed;
        }
    }

    public bool TryForget(TimeProvider time, TimeSpan idle)
    {
        lock (_gate)
        {
            return _isForgotten = _running == 0 && time.GetElapsedTime(_lastSeen) >= idle;
        }
    }
}
