namespace ZeroTrust.HealthChecks.Internal;

/// <summary>
/// The places for <c>Watch</c> streams, shared fairly: while there are free ones anybody takes them; when there are none the peer that
/// holds most gives up its newest, as long as the one that asks holds fewer even then.
/// </summary>
internal sealed class WatchPlaces(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<WatchPlace>> _held = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Takes a place.</summary>
    /// <param name="peer">The proved workload, or the address where nothing is proved.</param>
    /// <returns>The place; null when all are held and no peer holds more than its share.</returns>
    public WatchPlace? Take(string peer)
    {
        var place = new WatchPlace(peer);
        WatchPlace? evicted = null;
        lock (_lock)
        {
            if (_count == capacity)
            {
                evicted = FindSurplus(_held.TryGetValue(peer, out var own) ? own.Count : 0);
                if (evicted is null)
                {
                    return null;
                }

                Remove(evicted);
            }

            if (!_held.TryGetValue(peer, out var held))
            {
                _held.Add(peer, held = []);
            }

            held.Add(place);
            _count++;
        }

        evicted?.GiveWay();
        return place;
    }

    /// <summary>Gives a place back; one that gave way is back already.</summary>
    public void Return(WatchPlace place)
    {
        lock (_lock)
        {
            Remove(place);
        }
    }

    // A peer with one more than the other would only change places with it, for ever.
    private WatchPlace? FindSurplus(int own)
    {
        List<WatchPlace>? most = null;
        foreach (var held in _held.Values)
        {
            most = held.Count > (most?.Count ?? own + 1) ? held : most;
        }

        return most?[^1];
    }

    private void Remove(WatchPlace place)
    {
        if (_held.TryGetValue(place.Peer, out var held) && held.Remove(place))
        {
            _count--;
            if (held.Count == 0)
            {
                _held.Remove(place.Peer);
            }
        }
    }
}
