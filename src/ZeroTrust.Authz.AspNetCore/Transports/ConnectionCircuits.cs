namespace ZeroTrust.Authz.AspNetCore.Transports;

/// <summary>The circuits that one connection has taken up, so that none is forgotten while the connection lives.</summary>
internal sealed class ConnectionCircuits(CircuitOwners circuits)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CircuitHold> _holds = new(StringComparer.Ordinal);
    private bool _hasEnded;

    public void Add(CircuitHold hold)
    {
        lock (_gate)
        {
            if (!_hasEnded && _holds.TryAdd(hold.Id, hold))
            {
                return;
            }
        }

        circuits.Leave(hold);
    }

    public void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
            foreach (var hold in _holds.Values)
            {
                circuits.Leave(hold);
            }

            _holds.Clear();
        }
    }
}
